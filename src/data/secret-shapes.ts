/** The door to the shapes of tokens, for the build that looks for them; no page does, so that none carries their table. */

export { findShapes, hasShape } from '../../collector/base/secrets/shape-rules.ts';
export { secretShapes } from '../../collector/base/secrets/shapes.ts';
