# The pairs [requirement, version] on standard input, judged by RubyGems: whether the requirement is
# satisfied, or "no range" or "no version".
require "json"
require "rubygems"

def judge(requirement, version)
  parsed = Gem::Requirement.new(requirement.split(",", -1))
  Gem::Version.correct?(version) ? parsed.satisfied_by?(Gem::Version.new(version)) : "no version"
rescue Gem::Requirement::BadRequirementError
  "no range"
end

puts JSON.generate(JSON.parse($stdin.read).map { |requirement, version| judge(requirement, version) })
