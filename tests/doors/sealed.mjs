// Does with the browser's modules what a test asks: one JSON a line in, one a line out. Only Node's own modules beside those of the house.
//   node sealed.mjs FOLDER-OF-MODULES [FOLDER-WITH-node_modules]  <  {"do": …}
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const from = (name) => import(pathToFileURL(`${process.argv[2]}/${name}.js`).href);
const [bytes, blind, seal, poll, ballot, secret, keys, audit, board, marking, qr] = await Promise.all(
  ["bytes", "blind", "seal", "poll", "ballot", "secret", "keys", "audit", "board", "marking", "qr"].map(from),
);
const { b64, unb64, hex, unhex, utf8 } = bytes;
const theirs = process.argv[3] ? createRequire(`${process.argv[3]}/`) : null;
const pollOf = (asked) => poll.readPoll(unb64(asked.poll));
const written = (cast) => ({ header: b64(cast.header), sig: b64(cast.sig), sealed: b64(cast.sealed) });

async function keptFor(asked) {
  return secret.voterOf(await pollOf(asked), asked.class, await secret.keepable(unhex(asked.secret)));
}

const DOES = {
  lacking: async () => keys.lacking(),
  canonical: async ({ value }) => bytes.canonical(value),
  strict: async ({ raw }) => bytes.strict(unhex(raw)),
  coded: async ({ raw }) => [b64(unhex(raw)), hex(unb64(b64(unhex(raw))))],
  unb64: async ({ text }) => hex(unb64(text)),
  blind: async ({ n, message, salt, r_inverse: back }) => {
    const modulus = BigInt(`0x${n}`);
    const factor = blind.inverse(BigInt(`0x${back}`), modulus);
    const made = await blind.blind(unhex(n), unhex(message), unhex(salt), bytes.fixed(factor, n.length / 2));
    return [hex(made.message), made.inverse.toString(16)];
  },
  finalize: async ({ n, message, answer, off, salt }) => hex(await blind.finalize(unhex(n), unhex(message), unhex(answer), BigInt(`0x${off}`), salt)),
  verify: async ({ n, message, signature, salt }) => blind.verify(unhex(n), unhex(message), unhex(signature), salt),
  pair: async ({ seed }) => Object.fromEntries(Object.entries(await seal.keyPair(unhex(seed))).map(([name, raw]) => [name, hex(raw)])),
  seal: async ({ to, plaintext, info, seed, aad }) => hex(await seal.seal(unhex(to), unhex(plaintext), unhex(info), unhex(seed), unhex(aad ?? ""))),
  open: async ({ seed, sealed, info, aad }) => hex(await seal.open(await seal.keyPair(unhex(seed)), unhex(sealed), unhex(info), unhex(aad ?? ""))),
  unpadded: async ({ plaintext }) => seal.unpadded(unhex(plaintext)),
  padded: async ({ marks, size }) => hex(seal.padded(marks, size)),
  poll: async (asked) => { const read = await pollOf(asked); return [b64(read.digest), ballot.bodySize(read)]; },
  house: async ({ raw, sig, key }) => (await poll.houseKey(unb64(raw), unb64(sig), key, "bad-poll-signature")).written,
  asking: async (asked) => { const voter = await keptFor(asked); return { pk: b64(voter.pk), blinded: voter.blinded.map(({ message }) => b64(message)) }; },
  cast: async (asked) => {
    const [read, voter] = [await pollOf(asked), await keptFor(asked)];
    const { issuers } = read.classes.get(asked.class);
    const right = [];
    for (const [at, answer] of asked.answers.entries()) right.push(await blind.finalize(issuers[at].n, voter.said, unb64(answer), voter.blinded[at].inverse));
    const made = await ballot.makeBallot(read, { ...voter, right }, asked.marks, asked.seq);
    const leaf = await ballot.leafOf(made.header, made.sig);
    return { ...written(made), body: b64(ballot.castBody(read, made)), leaf: b64(leaf), code: ballot.codeOf(leaf) };
  },
  check: async (asked) => {
    const read = await pollOf(asked);
    const header = ballot.readHeader(read, unb64(asked.header));
    await ballot.checkBallot(read, header, unb64(asked.sig));
    await ballot.checkSealed(read, header, unb64(asked.sealed));
    return seal.opened(await seal.keyPair(unhex(asked.seed)), unb64(asked.sealed), ballot.sealInfo(read.digest, header.classKey, header.pk, header.seq));
  },
  receipted: async (asked) => ballot.receipted(await pollOf(asked), unb64(asked.leaf), unb64(asked.receipt)),
  backup: async (asked) => hex(await secret.backup(await pollOf(asked), unhex(asked.secret), asked.code)),
  restored: async (asked) => hex(await secret.restored(await pollOf(asked), unhex(asked.kept), asked.code)),
  newCode: async () => secret.newCode(),
  note: async (asked) => { const read = await board.readNote(await pollOf(asked), asked.note); return { size: read.size, root: b64(read.root), cosigned: read.cosigned }; },
  included: async ({ leaf, index, size, path, root }) => board.included(unhex(leaf), index, size, path.map(unhex), unhex(root)),
  root: async ({ leaves }) => { const tree = new board.Tree(); for (const leaf of leaves) await tree.add(unhex(leaf)); return hex(await tree.root()); },
  qr: async ({ text }) => qr.qr(text).map((row) => row.join("")),
  marked: async ({ paper, group, fields }) => {
    const marks = marking.written(paper.rule.kind, fields);
    return [marks, marking.why(paper, group, marks)];
  },
  audit: async ({ path, key, receipt }) => {
    const steps = [];
    const told = (step, figures) => { if (step !== "ballot") steps.push([step, figures]); };
    const { ok, fault, counted, ballots, superseded, turnout, receipt: mine } = await audit.audit(new Uint8Array(readFileSync(path)), { key, receipt, told });
    return { ok, fault, counted, ballots, superseded, turnout, receipt: mine, steps };
  },
  // what maintained packages make of it
  theirHpke: async ({ to, seed, plaintext, info }) => {
    const { Aes128Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } = theirs("@hpke/core");
    const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes128Gcm() });
    const sender = await suite.createSenderContext({ recipientPublicKey: await suite.kem.deserializePublicKey(unhex(to)), info: unhex(info) });
    const ct = new Uint8Array(await sender.seal(unhex(plaintext)));
    const own = await suite.kem.deriveKeyPair(unhex(seed));
    const ours = await seal.seal(unhex(to), unhex(plaintext), unhex(info));
    const opened = await suite.open({ recipientKey: own, enc: ours.slice(0, 32), info: unhex(info) }, ours.slice(32));
    return { theirs: hex(bytes.joined(new Uint8Array(sender.enc), ct)), opened: hex(new Uint8Array(opened)) };
  },
  theirBlind: async ({ n, d, message }) => {
    const { RSABSSA } = theirs("@cloudflare/blindrsa-ts");
    const suite = RSABSSA.SHA384.PSS.Deterministic();
    const jwk = { kty: "RSA", n: b64(unhex(n)), e: "AQAB", alg: "PS384", ext: true };
    const key = await crypto.subtle.importKey("jwk", jwk, { name: "RSA-PSS", hash: "SHA-384" }, true, ["verify"]);
    const said = unhex(message);
    const [modulus, exponent] = [BigInt(`0x${n}`), BigInt(`0x${d}`)];
    const signs = (blinded) => bytes.fixed(blind.power(bytes.number(blinded), exponent, modulus), n.length / 2);
    const them = await suite.blind(key, said);
    const finished = await suite.finalize(key, said, signs(them.blindedMsg), them.inv);
    const us = await blind.blind(unhex(n), said, crypto.getRandomValues(new Uint8Array(48)), crypto.getRandomValues(new Uint8Array(256)));
    const ours = await blind.finalize(unhex(n), said, signs(us.message), us.inverse);
    return [await blind.verify(unhex(n), said, finished), await suite.verify(key, ours, said)];
  },
  theirCurve: async ({ seed, message }) => {
    const { ed25519, x25519 } = theirs("@noble/curves/ed25519.js");
    const mine = await keys.signer(unhex(seed));
    const sig = await keys.sign(mine, utf8(message));
    return [
      hex(await keys.publicOf(mine)) === hex(ed25519.getPublicKey(unhex(seed))), hex(sig) === hex(ed25519.sign(utf8(message), unhex(seed))),
      await keys.signed(ed25519.getPublicKey(unhex(seed)), ed25519.sign(utf8(message), unhex(seed)), utf8(message)),
      hex(await keys.publicX25519(unhex(seed))) === hex(x25519.getPublicKey(unhex(seed))),
    ];
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  let said;
  try {
    said = { done: await DOES[asked.do](asked) };
  } catch (fault) {
    said = fault instanceof bytes.SealedError ? { code: fault.code } : { broken: `${fault.stack}` };
  }
  process.stdout.write(`${JSON.stringify(said)}\n`);
}
