/**
 * The shapes of docs/protocol.md, for editors and type checkers. Nothing here runs.
 *
 * @typedef {{id: number, pbx: number, number: string, name: string}} Phone
 * @typedef {{id?: number, name: string, may_retrieve: boolean, may_look_back?: boolean, demo: boolean, phones: Phone[]}} Me
 * @typedef {{state: "hearing" | "lost" | "refused" | "silent", since: number, reason: string}} Link
 * @typedef {Link & {pbx: number, name: string}} PbxLink
 * @typedef {{name: string, number: string}} Party
 *
 * @typedef {{id: number, pbx: number, label: string, repeats: number}} Zone
 * @typedef {{id: number, lot: number, slot: number, uniqueid: string, caller: Party, to: number | null, to_name: string,
 *   sender: number | null, sender_name: string, text: string, at: number, answer: "" | "seen" | "coming"}} Notice
 *
 * @typedef {object} Call an occupied slot
 * @property {number} slot
 * @property {"parked" | "claimed" | "returning"} state
 * @property {string} uniqueid
 * @property {Party} caller
 * @property {Party & {device: string}} parker
 * @property {number} parked_at
 * @property {number} waiting_since before parked_at, where the caller was moved here
 * @property {number | null} timeout_at null: never goes back
 * @property {string | null} claimed_by
 * @property {number | null} claimer the user's id
 * @property {string} note
 * @property {string} for_name
 * @property {number | null} for_phone one of the colleagues
 * @property {number} [earlier] other calls of this number in this lot today, before this one
 *
 * @typedef {Call & {id: number, lot: number, left_at: number, since: number, stage: "recall" | "fallback",
 *   ringing: string[]}} Back a caller who waited too long and is on the way back; `state` is "returning"
 *
 * @typedef {Call | {slot: number, state: "free"}} Slot
 *
 * @typedef {object} Lot
 * @property {number} id
 * @property {number} pbx
 * @property {string} name Asterisk's name of it
 * @property {string} label
 * @property {number} revision
 * @property {number} first
 * @property {number} last
 * @property {Record<string, string>} names of slots, by number
 * @property {number | null} [long_after] seconds until a call has waited long; null: half of its time
 * @property {number | null} [soon_before] seconds before it goes back soon; null: the last 15 %
 * @property {boolean} may_retrieve whether this person may take calls here
 * @property {boolean} [may_park]
 * @property {boolean} [may_page]
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
 * @property {"hung_up" | "unanswered"} [how]
 *
 * @typedef {{lot: Lot, call: Call}} Place a call and where it is
 *
 * @typedef {Omit<Lot, "calls"> & {slots: Call[]}} LotMessage
 * @typedef {{type: "snapshot", now: number, me: Me, link: Link, links: PbxLink[], lots: LotMessage[],
 *   colleagues?: Phone[], missed?: Missed[], zones?: Zone[], notices?: Notice[],
 *   returning?: Back[], own?: Own[]}} Snapshot wall screens are told less
 * @typedef {{type: "change", lot: number, after: number, revision: number, slots: Slot[]}} Change
 * @typedef {{type: "link", now: number, link: Link, links: PbxLink[]}} LinkMessage
 * @typedef {{type: "beat", beat: number, now: number, revisions: Record<string, number>}} Beat
 * @typedef {{type: "progress", command: string, state: string, code: string, lot?: number | null,
 *   slot?: number | null, params?: Record<string, string>}} Progress
 * @typedef {{type: "missed", missed: Missed[]}} MissedMessage
 * @typedef {{type: "notices", notices: Notice[]}} NoticesMessage
 * @typedef {{id: number, uniqueid: string, slot: number, lot_label: string, caller: Party, state: string, by: string,
 *   mine: boolean, at: number, waited: number}} Own what became of a call this person parked
 * @typedef {{type: "own", own: Own[]}} OwnMessage
 * @typedef {{type: "returning", returning: Back[]}} ReturningMessage
 * @typedef {OwnMessage | ReturningMessage | Snapshot | Change | LinkMessage | Beat | Progress | MissedMessage | NoticesMessage} Message
 *
 * @typedef {{kind: "parked" | "left", lot: Lot, call: Call}} Happening
 */

export {};
