/** The door to those leaves of the collector that run in a browser: pure, without Node, without state. */

export { countDifferences, differences } from '../../collector/base/difference/difference.ts';
export { changedSections } from '../../collector/base/difference/sections.ts';
export { textChange } from '../../collector/base/difference/text.ts';
export { DaybookError } from '../../collector/base/errors.ts';
export { foldText } from '../../collector/base/fold-text.ts';
export { globPattern } from '../../collector/base/glob-pattern.ts';
export {
  type ExactNumber,
  exactNumber,
  isExactNumber,
  isHeldByDouble,
  isSameNumber,
  numberIn,
} from '../../collector/base/json/exact-number.ts';
export type { JsonObject, JsonValue } from '../../collector/base/json/json.ts';
export { hasMembers, isObject } from '../../collector/base/json/json.ts';
export { jsonText, parseJson, parsePlainJson } from '../../collector/base/json/text.ts';
export { isSameValue } from '../../collector/base/same-value.ts';
export { isoMicros, parseTime } from '../../collector/base/time.ts';
export type { ActionSource } from '../../collector/formats/actions/action.ts';
export { isErrorLine } from '../../collector/formats/actions/error-line.ts';
export {
  type DisplayStatus,
  didNotSucceed,
  displayStatuses,
  hasResult,
  notRecorded,
} from '../../collector/formats/actions/status.ts';
export { groupFindings, placesShown } from '../../collector/formats/findings/groups.ts';
export { GrowingSeries } from '../../collector/formats/metrics/growing.ts';
export { isStopped, type Recorder, recorderOf } from '../../collector/formats/schedule/recorder.ts';
export { disabledText, recorderSentence } from '../../collector/formats/schedule/recorder-words.ts';
export {
  longestPauseDays,
  type RecordingState,
  recordingState,
} from '../../collector/formats/schedule/recording-state.ts';
export {
  columnWeight,
  isNoResult,
  mainMetrics,
  mostTelling,
  runColumns,
  tellingCounts,
  tellingWeight,
} from '../../collector/runs/columns.ts';
export { betterOf, directionOf, recordedDirection } from '../../collector/runs/direction.ts';
export {
  fieldText,
  fieldTexts,
  fieldValue,
  type RunField,
  type RunFieldSource,
  type RunRow,
  wholeValue,
} from '../../collector/runs/field.ts';
export { jsonKeyOf, moreOf, runFieldIds, runFieldNamed, runFields } from '../../collector/runs/fields.ts';
export { type FilterSubject, matchesRun } from '../../collector/runs/filter/match.ts';
export { parseRunFilter } from '../../collector/runs/filter/parse.ts';
export type { RunFilter } from '../../collector/runs/filter/tree.ts';
export { type GatheredRuns, gatherRuns, groupId } from '../../collector/runs/groups/gather.ts';
export { meanText } from '../../collector/runs/groups/text.ts';
export { earlierPoints, resumeNote } from '../../collector/runs/resumes.ts';
export { sourceWord } from '../../collector/runs/source-words.ts';
