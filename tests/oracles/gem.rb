# Reads pairs [requirement, version] from standard input. RubyGems answers each: true if the version satisfies the
# requirement, false if not, or "no range" or "no version".
require "json"
require "rubygems"

def judge(requirement, version)
  parsed = Gem::Requirement.new(requirement.split(",", -1))
  Gem::Version.correct?(version) ? parsed.satisfied_by?(Gem::Version.new(version)) : "no version"
rescue Gem::Requirement::BadRequirementError
  "no range"
end

puts JSON.generate(JSON.parse($stdin.read).map { |requirement, version| judge(requirement, version) })
