// A second auditor of poll.zip, written from docs/adr/0008-ballots.md alone: Node's own modules, nothing shared with the first.
// node second_verifier.mjs POLL.zip [HOUSE_KEY]  →  {"ok":true,…} or {"ok":false,"code":…,"detail":…}; exit 0 or 1.
// It reads the file whole (for tests, not for cities) and counts approval ballots; of other kinds it judges all but the count.
import { createHash, createHmac, createPrivateKey, createPublicKey, createDecipheriv, constants, diffieHellman, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { crc32, inflateRawSync } from "node:zlib";
const NAMES = ["poll.json", "poll.sig", "seal.json", "issued.json", "desk.json", "result.json", "checkpoints.txt", "paper.jsonl", "board.jsonl",
  "closing.json", "closing.sig"];
class Fault extends Error { constructor(code, detail = "") { super(code); Object.assign(this, { code, detail: String(detail) }); } }
const must = (holds, code, detail) => { if (!holds) throw new Fault(code, detail); };
const bytes = (text) => Buffer.from(text, "utf8");
const join = (...parts) => Buffer.concat(parts.map((part) => (typeof part === "string" ? bytes(part) : part)));
const sha256 = (...parts) => createHash("sha256").update(join(...parts)).digest();
const b64 = (raw) => raw.toString("base64url");
const same = (one, other) => Buffer.compare(one, other) === 0;
function unb64(text, size) {
  must(typeof text === "string", "malformed", "base64url");
  const raw = Buffer.from(text, "base64url");
  must(b64(raw) === text && (size === undefined || raw.length === size), "malformed", text.slice(0, 30));
  return raw;
}
const utf8 = (raw) => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(raw);
// ── canonical JSON ──────────────────────────────────────────────────────────
function canonical(value) {
  if (value === null || typeof value === "boolean") return JSON.stringify(value);
  if (typeof value === "number") { must(Number.isSafeInteger(value) && !Object.is(value, -0), "malformed", "number"); return String(value); }
  if (typeof value === "string") { must(value.isWellFormed(), "malformed", "surrogate"); return JSON.stringify(value.normalize("NFC")); }
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  const keys = Object.keys(value).sort((one, other) => Buffer.compare(bytes(one), bytes(other)));
  return `{${keys.map((key) => `${canonical(key)}:${canonical(value[key])}`).join(",")}}`;
}
function json(raw, code = "malformed") {
  try {
    const value = JSON.parse(utf8(raw));
    must(canonical(value) === raw.toString("utf8"), code, "not canonical");
    return value;
  } catch (fault) { throw new Fault(code, fault.message); }
}
function shaped(value, names, code, where = "") {
  must(value && typeof value === "object" && !Array.isArray(value), code, where);
  must(Object.keys(value).sort().join() === names.split(" ").sort().join(), code, `${where} ${Object.keys(value)}`);
  return value;
}
// ── the file ────────────────────────────────────────────────────────────────
function unzipped(path) {
  const raw = readFileSync(path), files = {};
  const end = raw.length - 22;
  must(end >= 0 && raw.readUInt32LE(end) === 0x06054b50 && raw.readUInt16LE(end + 20) === 0, "bad-zip", "end");
  let at = raw.readUInt32LE(end + 16);
  for (let count = raw.readUInt16LE(end + 10); count > 0; count -= 1) {
    must(raw.readUInt32LE(at) === 0x02014b50, "bad-zip", "directory");
    const [flags, method, crc, packed, size] = [raw.readUInt16LE(at + 8), raw.readUInt16LE(at + 10), raw.readUInt32LE(at + 16), raw.readUInt32LE(at + 20), raw.readUInt32LE(at + 24)];
    const [named, extra, comment, local] = [raw.readUInt16LE(at + 28), raw.readUInt16LE(at + 30), raw.readUInt16LE(at + 32), raw.readUInt32LE(at + 42)];
    const name = raw.toString("utf8", at + 46, at + 46 + named);
    must(NAMES.includes(name), "unknown-file", name);
    must(!(name in files), "duplicate-file", name);
    must(!(flags & 1) && [0, 8].includes(method) && raw.readUInt32LE(local) === 0x04034b50, "bad-zip", name);
    must(raw.toString("utf8", local + 30, local + 30 + raw.readUInt16LE(local + 26)) === name, "bad-zip", name);
    const start = local + 30 + raw.readUInt16LE(local + 26) + raw.readUInt16LE(local + 28);
    const body = raw.subarray(start, start + packed);
    try { files[name] = method ? inflateRawSync(body, { maxOutputLength: size + 1 }) : body; } catch (fault) { throw new Fault("bad-zip", fault.message); }
    must(files[name].length === size && crc32(files[name]) === crc, "bad-zip", `${name}: crc`);
    at += 46 + named + extra + comment;
  }
  for (const name of NAMES) must(name in files, "missing-file", name);
  return files;
}
function linesOf(raw) {
  must(raw.length === 0 || raw[raw.length - 1] === 10, "bad-line");
  return raw.length ? utf8(raw).slice(0, -1).split("\n") : [];
}
// ── signatures ──────────────────────────────────────────────────────────────
const spki = (prefix, raw) => createPublicKey({ key: join(Buffer.from(prefix, "hex"), raw), format: "der", type: "spki" });
const ed25519 = (raw, signature, message) => verify(null, message, spki("302a300506032b6570032100", raw), signature);
function houseSigned(raw, signed, key, code) {
  const given = shaped(json(signed, code), "key sig", code);
  must(!key || given.key === key, "wrong-house-key", given.key);
  const parts = given.key.split("+"), coded = parts.slice(2).join("+");
  const whole = Buffer.from(coded, "base64");
  must(whole.length === 33 && whole[0] === 1 && whole.toString("base64") === coded, code, "key");
  must(sha256(parts[0], "\n", whole).subarray(0, 4).toString("hex") === parts[1], code, "key id");
  must(ed25519(whole.subarray(1), unb64(given.sig, 64), raw), code, "signature");
  return given.key;
}
function readPoll(raw) {
  const poll = shaped(json(raw, "bad-poll"), "format poll title use rule options classes box witnesses seal batch padded revote opens_at closes_at", "bad-poll");
  must(poll.format === "madang-poll@1" && poll.batch > 0 && poll.padded >= 64, "bad-poll");
  poll.P = sha256(raw); poll.byClass = new Map(); const moduli = new Set();
  for (const one of poll.classes) {
    shaped(one, "key roll issuers", "bad-poll");
    must(!poll.byClass.has(one.key) && one.issuers.length === 2, "bad-poll", one.key);
    one.keys = one.issuers.map((issuer) => {
      const n = unb64(issuer.n, 256);
      must(issuer.e === 65537 && n[0] >= 128 && n[255] & 1, "bad-poll", "issuer key");
      moduli.add(issuer.n);
      return createPublicKey({ key: { kty: "RSA", n: issuer.n, e: "AQAB" }, format: "jwk" });
    });
    one.issued = [0, 0]; one.sealed = 0; one.paper = 0;
    poll.byClass.set(one.key, one);
  }
  must(moduli.size === 2 * poll.classes.length && moduli.size > 0, "bad-poll", "a key serves twice");
  return poll;
}
// ── checkpoints ─────────────────────────────────────────────────────────────
function root(leaves, start, end) {
  if (end - start < 2) return end === start ? sha256("") : leaves[start];
  const half = 2 ** Math.ceil(Math.log2(end - start) - 1);
  return sha256(Buffer.from([1]), root(leaves, start, start + half), root(leaves, start + half, end));
}
function readNotes(poll, raw) {
  const origin = `madang/box/${b64(poll.P)}`, box = unb64(poll.box, 32);
  return utf8(raw).split(/(?<=\n)\n(?!—)/).map((note) => {
    const parts = note.split("\n\n");
    must(parts.length === 2 && parts[1].endsWith("\n"), "bad-checkpoint", "note");
    const text = `${parts[0]}\n`, [name, size, hash, ...more] = parts[0].split("\n");
    must(name === origin && /^(0|[1-9][0-9]*)$/.test(size) && more.length === 0, "bad-box-signature", "text");
    const cosigned = new Set();
    parts[1].slice(0, -1).split("\n").forEach((line, place) => {
      const [dash, signer, coded, ...rest] = line.split(" "), mark = Buffer.from(coded ?? "", "base64");
      must(dash === "—" && rest.length === 0, "bad-checkpoint", "line");
      const witness = place && poll.witnesses.find((each) => each.name === signer);
      must(place === 0 || (witness && !cosigned.has(signer)), "unknown-cosigner", signer);
      const key = place ? unb64(witness.key, 32) : box, at = place ? 12 : 4, time = mark.length === 76 ? mark.readBigUInt64BE(4) : 0n;
      const id = sha256(signer, "\n", Buffer.from([place ? 4 : 1]), key).subarray(0, 4);
      const exact = mark.toString("base64") === coded && mark.length === at + 64 && same(mark.subarray(0, 4), id) && (place > 0 || signer === origin);
      const said = bytes(place ? `cosignature/v1\ntime ${time}\n${text}` : text);
      must(exact && ed25519(key, mark.subarray(at), said), place ? "forged-cosignature" : "bad-box-signature", signer);
      if (place) cosigned.add(signer);
    });
    return { size: Number(size), root: hash, cosigned };
  });
}
function checkTree(poll, notes, leaves) {
  let before = 0;
  must(notes.every((note, place) => place === 0 || note.size > notes[place - 1].size), "checkpoints-disordered");
  notes.forEach((note, place) => {
    must(note.size <= leaves.length, "ballot-dropped", note.size);
    must(place === notes.length - 1 || note.size - before >= poll.batch, "small-batch", note.size);
    for (let leaf = before + 1; leaf < note.size; leaf += 1) must(Buffer.compare(leaves[leaf - 1], leaves[leaf]) < 0, "ballots-reordered", leaf);
    must(root(leaves, 0, note.size).toString("base64") === note.root, "ballot-replaced", note.size);
    before = note.size;
  });
  must(before === leaves.length, "ballot-added", leaves.length);
  const cosigned = notes.at(-1).cosigned.size;
  must(poll.witnesses.length === 0 || cosigned * 2 > poll.witnesses.length, "too-few-cosignatures", cosigned);
}
// ── the seal (RFC 9180) ─────────────────────────────────────────────────────
const hmac = (key, ...parts) => createHmac("sha256", key).update(join(...parts)).digest();
const two = (number) => Buffer.from([number >> 8, number & 255]);
const KEM = join("KEM", two(0x20)), HPKE = join("HPKE", two(0x20), two(1), two(1)), NONE = Buffer.alloc(0), zero = Buffer.from([0]);
const extract = (suite, salt, label, secret) => hmac(salt.length ? salt : Buffer.alloc(32), "HPKE-v1", suite, label, secret);
const expand = (suite, key, label, info, size) => hmac(key, two(size), "HPKE-v1", suite, label, info, Buffer.from([1])).subarray(0, size);
function sealKey(seed) {
  const raw = expand(KEM, extract(KEM, NONE, "dkp_prk", seed), "sk", NONE, 32);
  const secret = createPrivateKey({ key: join(Buffer.from("302e020100300506032b656e04220420", "hex"), raw), format: "der", type: "pkcs8" });
  return { secret, open: createPublicKey(secret).export({ format: "der", type: "spki" }).subarray(-32) };
}
function opened(key, sealed, info) {
  try {
    const enc = sealed.subarray(0, 32);
    const shared = diffieHellman({ privateKey: key.secret, publicKey: spki("302a300506032b656e032100", enc) });
    const secret = expand(KEM, extract(KEM, NONE, "eae_prk", shared), "shared_secret", join(enc, key.open), 32);
    const context = join(zero, extract(HPKE, NONE, "psk_id_hash", NONE), extract(HPKE, NONE, "info_hash", info));
    const schedule = extract(HPKE, secret, "secret", NONE);
    const cipher = createDecipheriv("aes-128-gcm", expand(HPKE, schedule, "key", context, 16), expand(HPKE, schedule, "base_nonce", context, 12));
    cipher.setAuthTag(sealed.subarray(-16));
    const plain = join(cipher.update(sealed.subarray(32, -16)), cipher.final()), size = plain.readUInt16BE(0);
    const { marks } = shaped(json(plain.subarray(2, 2 + size)), "marks", "unreadable");
    must(typeof marks === "string" && 2 + size <= plain.length && plain.subarray(2 + size).every((byte) => byte === 0), "unreadable");
    return marks;
  } catch { return "?"; }
}
// ── ballots ─────────────────────────────────────────────────────────────────
const SMALL = new Set(["00".repeat(32), `01${"00".repeat(31)}`, "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a", ...["ec", "ed", "ee"].map((low) => `${low}${"ff".repeat(30)}7f`)]);
function readBallot(poll, line) {
  const row = json(bytes(line)), counted = "sealed" in row;
  shaped(row, counted ? "header sig sealed" : "header sig", "malformed");
  const raw = unb64(row.header), sig = unb64(row.sig, 64), header = shaped(json(raw), "class pk poll right sealed seq", "malformed");
  must(header.poll === b64(poll.P), "other-poll");
  const one = poll.byClass.get(header.class);
  must(one, "unknown-class", header.class);
  must(Number.isSafeInteger(header.seq) && header.seq >= 1 && header.right.length === 2, "malformed", "header");
  must(poll.revote || header.seq === 1, "no-revote", header.seq);
  const pk = unb64(header.pk, 32), masked = join(pk.subarray(0, 31), Buffer.from([pk[31] & 127]));
  must(!SMALL.has(masked.toString("hex")), "weak-key");
  const message = join("madang-right@1\0", poll.P, header.class, zero, pk);
  header.right.forEach((right, place) => {
    const key = { key: one.keys[place], padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 48 };
    must(verify("sha384", message, key, unb64(right, 256)), "bad-right", one.issuers[place].name);
  });
  must(ed25519(pk, sig, join("madang-cast@1\0", raw)), "bad-signature");
  const seq = Buffer.alloc(8);
  seq.writeBigUInt64BE(BigInt(header.seq));
  const ballot = { header, one, counted, leaf: sha256(zero, raw, sig), name: `${header.class} ${header.pk}`,
    info: join("madang-seal@1\0", poll.P, header.class, zero, pk, seq) };
  if (counted) {
    ballot.sealed = unb64(row.sealed);
    must(ballot.sealed.length === poll.padded + 48, "wrong-length", ballot.sealed.length);
    must(same(sha256(ballot.sealed), unb64(header.sealed, 32)), "sealed-altered");
  }
  return ballot;
}
function checkTurns(ballots) {
  const ordered = [...ballots].sort((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : one.header.seq - other.header.seq));
  ordered.forEach(({ header, name, counted }, place) => {
    const after = ordered[place + 1], last = after?.name !== name;
    must(last || after.header.seq !== header.seq, "same-turn-twice", name);
    must(counted === last, counted ? "superseded-counted" : "sealed-missing", name);
  });
}
// ── rights, paper, count ────────────────────────────────────────────────────
function checkIssued(poll, rows) {
  const seen = new Set();
  for (const row of rows) {
    shaped(row, "class issuer day issued", "bad-issued");
    const one = poll.byClass.get(row.class), place = one ? one.issuers.findIndex((issuer) => issuer.name === row.issuer) : -1;
    const key = canonical([row.class, row.issuer, row.day]);
    must(place >= 0 && /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.test(row.day) && Number.isSafeInteger(row.issued) && row.issued >= 0 && !seen.has(key), "bad-issued", key);
    one.issued[place] += seen.add(key) && row.issued;
  }
}
function checkPaper(poll, rows, desks) {
  const serials = new Set(), typed = new Map();
  for (const row of rows) {
    shaped(row, "desk serial class marks", "bad-row");
    must(Object.values(row).every((part) => typeof part === "string"), "bad-row");
    must(poll.byClass.has(row.class), "unknown-class", row.class);
    must(serials.size < serials.add(row.serial).size, "serial-twice", row.serial);
    poll.byClass.get(row.class).paper += 1;
    typed.set(`${row.desk} ${row.class}`, (typed.get(`${row.desk} ${row.class}`) ?? 0) + 1);
  }
  for (const row of desks) {
    shaped(row, "desk class handed spoiled unreturned counted difference", "bad-desk");
    const key = `${row.desk} ${row.class}`, sums = [row.handed, row.spoiled, row.unreturned, row.counted];
    must([...sums, row.difference].every(Number.isSafeInteger) && Math.min(...sums) >= 0 && poll.byClass.has(row.class), "bad-desk", key);
    must(row.counted + row.difference === row.handed - row.spoiled - row.unreturned && row.counted === (typed.get(key) ?? 0), "desk-sum", key);
    must(typed.get(key) !== "seen", "bad-desk", key);
    typed.set(key, "seen");
  }
  must([...typed.values()].every((each) => each === "seen"), "desk-sum", "a desk without a sheet");
}
function checkSums(poll) {
  for (const one of poll.classes) {
    one.issued.forEach((issued) => {
      must(issued <= one.roll && issued + one.paper <= one.roll, "more-rights-than-roll", one.key);
      must(one.sealed <= issued, "more-ballots-than-rights", one.key);
    });
  }
}
function checkCount(poll, votes, result) {
  must(result.turnout === votes.length, "wrong-result", "turnout");
  if (poll.rule.kind !== "approval" || poll.rule.weights) return;
  const { least = 0, most = Infinity } = poll.rule, picked = poll.options.map(() => 0), classes = {};
  const valid = votes.filter(([, marks]) => {
    const places = marks === "" ? [] : marks.split(" ").map((word) => (/^[1-9][0-9]{0,8}$/.test(word) ? Number(word) : NaN));
    return places.every((place, at) => place <= picked.length && (at === 0 || places[at - 1] < place)) && places.length >= least && places.length <= most;
  });
  for (const [group, marks] of valid) {
    classes[group] = (classes[group] ?? 0) + 1;
    for (const place of marks ? marks.split(" ") : []) picked[place - 1] += 1;
  }
  must(result.valid === valid.length && canonical(result.ballots) === canonical(classes), "wrong-result", "valid");
  must(Object.values(result.void).reduce((sum, many) => sum + many, 0) === votes.length - valid.length, "wrong-result", "void");
  for (const round of result.rounds) must(round.votes === picked[round.place - 1], "wrong-result", `votes of ${round.place}`);
  const seats = poll.rule.seats ?? 1, best = [...picked].sort((one, other) => other - one)[seats - 1];
  for (const place of result.winners) must(picked[place - 1] >= best, "wrong-result", `winner ${place}`);
}
function audit(path, key) {
  const files = unzipped(path), poll = readPoll(files["poll.json"]);
  const house = houseSigned(files["poll.json"], files["poll.sig"], key, "bad-poll-signature");
  houseSigned(files["closing.json"], files["closing.sig"], house, "bad-closing");
  const closing = shaped(json(files["closing.json"], "bad-closing"), "format poll files", "bad-closing");
  must(closing.format === "madang-closing@1" && closing.poll === b64(poll.P), "bad-closing");
  shaped(closing.files, NAMES.slice(0, 9).join(" "), "bad-closing");
  const seal = sealKey(unb64(shaped(json(files["seal.json"]), "seed", "malformed").seed, 32));
  must(same(seal.open, unb64(poll.seal.key, 32)), "wrong-seal-key");
  checkIssued(poll, json(files["issued.json"], "bad-issued"));
  const ballots = linesOf(files["board.jsonl"]).map((line) => readBallot(poll, line));
  checkTree(poll, readNotes(poll, files["checkpoints.txt"]), ballots.map((ballot) => ballot.leaf));
  checkTurns(ballots);
  const votes = [];
  for (const ballot of ballots.filter((each) => each.counted)) {
    ballot.one.sealed += 1;
    votes.push([ballot.header.class, opened(seal, ballot.sealed, ballot.info)]);
  }
  const rows = linesOf(files["paper.jsonl"]).map((line) => json(bytes(line), "bad-row"));
  checkPaper(poll, rows, json(files["desk.json"], "bad-desk"));
  checkSums(poll);
  checkCount(poll, [...votes, ...rows.map((row) => [row.class, row.marks])], json(files["result.json"]));
  for (const name of NAMES.slice(0, 9)) must(closing.files[name] === b64(sha256(files[name])), "altered-file", name);
  return { ok: true, ballots: ballots.length, counted: votes.length, house };
}
const [path, key] = process.argv.slice(2);
try {
  console.log(JSON.stringify(audit(path, key)));
} catch (fault) {
  console.log(JSON.stringify({ ok: false, code: fault.code ?? "malformed", detail: fault.detail ?? fault.message }));
  process.exitCode = 1;
}
