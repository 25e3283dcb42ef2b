// Reads pairs [range, version] from standard input. The semver module at the given path answers each: true if the
// version satisfies the range with prereleases included, false if not, or "no range" or "no version". Before 7.8.5 the
// module gave other answers for some prereleases at the lower bound of ~ and ^; these are "unsettled".
const semver = require(process.argv[2]);
const settled = semver.gte(require(process.argv[2] + "/package.json").version, "7.8.5");
const pairs = JSON.parse(require("fs").readFileSync(0, "utf8"));
const judge = ([range, version]) => {
  if (semver.validRange(range) === null) return "no range";
  if (semver.valid(version) === null) return "no version";
  if (!settled && semver.prerelease(version) && /[~^]/.test(range)) return "unsettled";
  return semver.satisfies(version, range, { includePrerelease: true });
};
process.stdout.write(JSON.stringify(pairs.map(judge)));
