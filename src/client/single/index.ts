// The script of a site that is one file: all that its pages need, in this order.
import './start.ts';
import '../index.ts';
import '../runs/elements.ts';
