# Writes psych.golden: documents, and what Ruby's Psych makes of them where Jekyll calls it. Run `TZ=UTC ruby psych.rb`.
require "date"
require "json"
require "psych"

def told(value)
  case value
  when nil then "nil"
  when String then JSON.generate(value)
  when Float then value.nan? ? "NaN" : value.to_s
  when Time then "time #{value.to_i} #{value.nsec} #{value.utc_offset}"
  when Date then "date #{value.strftime("%Y-%m-%d")}"
  when Array then "[#{value.map { |one| told(one) }.join(", ")}]"
  when Hash then "{#{value.map { |key, one| "#{told(key)}: #{told(one)}" }.join(", ")}}"
  else value.to_s
  end
end

def answer(yaml)
  told(Psych.safe_load(yaml, permitted_classes: [Date, Time], aliases: true))
rescue Psych::Exception
  "refused"
rescue ArgumentError
  nil
end

SCALARS = <<~WORDS.split("\n")
  yes
  No
  oN
  OFF
  true
  fAlSe
  y
  N
  ~
  null
  NULL
  nil
  Off the road
  010
  08
  -017
  0o17
  00
  -0
  0x1F
  -0xff
  0xfg
  0b101
  0b12
  1_000
  1,000
  1__0
  1_
  _1
  +12
  --1
  1.
  .5
  -.5
  +.5
  .
  1.50
  1.5.0
  1_0.5
  1__0.5
  1,000.25
  1e5
  1.0e5
  1.0e+5
  1.5E-5
  .inf
  -.INF
  +.Inf
  .NaN
  -.nan
  12345678901234567890
  12:30
  9:05
  10:30:00
  -1:30
  1:60
  1:2:3:4
  190:20:30.15
  1:2.5
  0:0
  2024-01-31
  2024-1-3
  2024-02-30
  2024-13-01
  2023-02-29
  2024-01-31 10:00:00
  2024-01-31 10:00
  2024-01-31T10:00:00Z
  2024-01-31 10:00:00 Z
  2024-01-31t21:59:43.10-05:00
  2024-01-31 21:59:43.25 +2
  2024-01-31 21:59:43 +0230
  2024-02-31 10:00:00
  2024-13-31 10:00:00
  2024-01-31 24:00:00
  2024-01-31 25:00:00
  :symbol
  ":text"
  a:b
  -x
  <<
  =
  1.0.0-beta
  v1.10
  3.0e+20
  100000000000000000.0
  0.00001
  1 000
  1%
  €5
  +a
WORDS

DOCUMENTS = [
  "", "# nothing\n", "---\n", "--- 5\n", "a: 1\n...\n", "a: 1\n---\nb: 2\n", "%YAML 1.1\n---\na: 1\n",
  "key:    \nnext: 1\n", "key:\t1\n", "key: 1\t# told\n", "\tkey: 1\n", "key:\n\t- 1\n", "list:\n- 1\n- 2\nafter: 3\n",
  "list:\n  -\n  - \n  - 1\n", "- - a\n  - b\n- c\n", "-\ta\n", "a: 'one\n\n  two'\n", "a: \"one\ntwo\"\n", "a: \"one \\\n   two\"\n",
  "a: one\n  two\n\n  three\n", "a: one # two\n", "a: one#two\n", "a: b: c\n", "a: 'it''s'\n", "a: \"\\u00e9\\x41\\n\"\n", "a: \"\\q\"\n",
  "a: 'never\n", "a: [1, 2\n", "a: {b: 1\n", "a: [1 2, [3]]\n", "a: {b, c: , d: e}\n", "[a: 1, ? b : c, ? d]\n", "{a: 1, a: 2}\n", "a: 1\na: 2\n",
  "a: |\n  one\n   two\n\n  three\n\n", "a: >\n  one\n  two\n\n  three\n   four\n  five\n", "a: |-\n  one\n\n", "a: |+\n  one\n\nb: 1\n", "a: |2\n    one\n",
  "a: |1-\n  one\n", "a: >+\n\n  one\n\n", "a: |\nb: 1\n", "a: |0\n  x\n", "a: | # told\n  one\n", "a: |\n\tone\n", "- |\n one\n- 2\n",
  "base: &b {x: 1, y: 2}\nover:\n  <<: *b\n  y: 3\n", "base: &b {x: 1}\nover:\n  x: 0\n  <<: *b\n", "<<: [{a: 1}, {b: 2, a: 3}]\na: 9\n", "<<: 5\n", "<<: [1]\n",
  "l: &l [{a: 1}]\nm:\n  <<: *l\n", "'<<': {b: 1}\n", "!!str <<: {b: 1}\n", "a: &x 1\nb: *x\n", "a: *x\n", "&x a: *x\n", "a: &x\nb: *x\n", "*x : 1\n",
  "a: !!str 5\n", "a: !!int '5'\n", "a: !!float 3\n", "a: ! '12'\n", "a: !mine 12\n", "a: !mine [1]\n", "a: !!binary aGk=\n", "a: !ruby/object:X {b: 1}\n",
  "a: !!set {x, y}\n", "a: !!omap [x: 1, y: 2]\n", "a: !ruby/symbol x\n", "!x!y a: 1\n", "%TAG !x! tag:x,2000:\n---\na: !x!y 1\n", "a: !<tag:yaml.org,2002:str> 1\n", "a: !!null x\n",
  "a: @at\n", "a: `b`\n", "a: %b\n", "a: [%b]\n", "a: &\n", "? a\n: b\n", "? a\n", "? [a, b]\n: c\n", "? {a: 1}\n: c\n", "? - a\n: - b\n", ": a\n", "a:\n  b: 1\n c: 2\n",
  "a:\n b: 1\n  c: 2\n", "a\nb: 1\n", "a: 1\nb\n", "'a': 1\n\"b\" : 2\n", "a: no\n\n  x\n", "a: no\n\n  on\n", "a: - b\n", "a: ? b\n", "a:\r\n  - 1\r\n  - 2\r\n",
  "a: 1\rb: 2\r", "a: one\u2028  two\n", "a: {x: 1,\n y: 2}\n", "a: [\n1,\n2\n]\n", "a: \"x\"y\n", "a: [a:b, c: d]\n", "a: {b:c}\n", "a: {\"b\":c}\n", "http://a.b/c: d\n", "a: http://b.c\n",
  "a: [b]c\n", "a: {}\nb: []\n", "a: ''\n", "a: # nothing\n", "a: -\n", "a: 1 ]\n", "1: a\n1.50: b\ntrue: c\n~: d\n2024-01-31: e\n", "- a: 1\n  b: 2\n- c\n", "---\n- 1\n---\n- 2\n", "\u{FEFF}a: 1\n", "a: \u{1}\n", "🎉: 🎈\n"
]

random = Random.new(2024)
chars = %w[0 0 1 7 8 9 + - . . _ , : e E x b a o n T Z] + [" "]
made = Array.new(500) { Array.new(random.rand(1..7)) { chars.sample(random: random) }.join.strip }
made += Array.new(120) do
  "#{random.rand(1..2999).to_s.rjust(4, "0")}-#{random.rand(0..13)}-#{random.rand(0..32)}#{["", " ", "T"].sample(random: random)}" \
  "#{["", "1:00:00", "23:59:60", "12:30:15.5"].sample(random: random)}#{["", "Z", " Z", "+1", " -03:30"].sample(random: random)}"
end
bits = ["a", "b: ", "- ", "? ", ": ", "\n", "\n  ", "\n    ", "[", "]", "{", "}", ", ", "'x y'", "\"p\nq\"", " # c", "&x ", "*x", "!t ", "|\n  t\n", ">-\n  u\n  v\n", "---\n", "1", "k: v\n", "- w\n", "é", "<<: ", "\t"]
trees = Array.new(700) { Array.new(random.rand(2..14)) { bits.sample(random: random) }.join }

cases = SCALARS.map { |text| "a: #{text}\n" } + DOCUMENTS + made.map { |text| "a: #{text}\n" } + trees
# Ruby allows lists that hold themselves.
cases.reject! { |yaml| yaml =~ /&x [\[{\n-][^\n]*\*x/m }
File.open(File.join(__dir__, "psych.golden"), "w") do |file|
  cases.uniq.each do |yaml|
    told = answer(yaml)
    file.puts("#{JSON.generate(yaml)}\t#{told}") if told
  end
end
