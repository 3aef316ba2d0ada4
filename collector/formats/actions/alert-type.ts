/** The type of the actions that say what was told to whom: they are no sign of how the system is, and no rule is about them. */
export const alertType = 'alert';
