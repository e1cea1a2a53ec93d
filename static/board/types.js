/**
 * The shapes of docs/protocol.md, for editors and type checkers. Nothing here runs.
 *
 * @typedef {{id: number, number: string, name: string}} Phone
 * @typedef {{id?: number, name: string, may_retrieve: boolean, demo: boolean, phones: Phone[]}} Me
 * @typedef {{state: "hearing" | "lost" | "refused" | "silent", since: number, reason: string}} Link
 * @typedef {{name: string, number: string}} Party
 *
 * @typedef {{id: number, label: string, repeats: number}} Zone
 * @typedef {{id: number, lot: number, slot: number, uniqueid: string, caller: Party, to: number | null, to_name: string,
 *   sender: number | null, sender_name: string, text: string, at: number, answer: "" | "seen" | "coming"}} Notice
 *
 * @typedef {object} Call an occupied slot
 * @property {number} slot
 * @property {"parked" | "claimed"} state
 * @property {string} uniqueid
 * @property {Party} caller
 * @property {Party & {device: string}} parker
 * @property {number} parked_at
 * @property {number | null} timeout_at null: never goes back
 * @property {string | null} claimed_by
 * @property {number | null} claimer the user's id
 * @property {string} note
 * @property {string} for_name
 * @property {number | null} for_phone one of the colleagues
 *
 * @typedef {Call | {slot: number, state: "free"}} Slot
 *
 * @typedef {object} Lot
 * @property {number} id
 * @property {string} name Asterisk's name of it
 * @property {string} label
 * @property {number} revision
 * @property {number} first
 * @property {number} last
 * @property {Record<string, string>} names of slots, by number
 * @property {boolean} may_retrieve whether this person may take calls here
 * @property {boolean} [may_park]
 * @property {boolean} [may_end]
 * @property {Map<number, Call>} calls by slot number
 *
 * @typedef {object} Missed a caller who hung up while parked
 * @property {number} id
 * @property {number} lot
 * @property {number} slot
 * @property {Party} caller
 * @property {number} waited seconds
 * @property {number} left_at
 * @property {string} note
 * @property {string} for_name
 *
 * @typedef {{lot: Lot, call: Call}} Place a call and where it is
 *
 * @typedef {Omit<Lot, "calls"> & {slots: Call[]}} LotMessage
 * @typedef {{type: "snapshot", now: number, me: Me, link: Link, lots: LotMessage[], colleagues?: Phone[],
 *   missed?: Missed[], zones?: Zone[], notices?: Notice[]}} Snapshot wall screens are told less
 * @typedef {{type: "change", lot: number, after: number, revision: number, slots: Slot[]}} Change
 * @typedef {{type: "link", now: number, link: Link}} LinkMessage
 * @typedef {{type: "beat", beat: number, now: number, revisions: Record<string, number>}} Beat
 * @typedef {{type: "progress", command: string, state: string, code: string, lot?: number | null,
 *   slot?: number | null, params?: Record<string, string>}} Progress
 * @typedef {{type: "missed", missed: Missed[]}} MissedMessage
 * @typedef {{type: "notices", notices: Notice[]}} NoticesMessage
 * @typedef {Snapshot | Change | LinkMessage | Beat | Progress | MissedMessage | NoticesMessage} Message
 *
 * @typedef {{kind: "parked" | "left", lot: Lot, call: Call}} Happening
 */

export {};
