// The script of a site that is one file: all that its pages need, in this order.
import './start.ts';
import '../index.ts';
import '../actions/elements.ts';
import '../runs/elements.ts';
import '../runs/list-elements.ts';
import '../snapshots/elements.ts';
import '../versions/elements.ts';
