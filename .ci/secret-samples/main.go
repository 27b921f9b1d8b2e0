// Print credentials made up after the rules of gitleaks, each of them detected by gitleaks itself.
//
// The arguments are how many a rule, and a seed. A line of the output is a JSON object: the rule, the text, and the
// credentials that gitleaks detects in the text. A rule without a detected sample is printed with an empty text.
//
// With the argument `detect` each line of the input is a JSON text, and each line of the output the list of what gitleaks
// detects in it.
package main

import (
	"bufio"
	"encoding/json"
	"os"
	"sort"
	"strconv"
	"strings"

	"github.com/lucasjones/reggen"
	"github.com/rs/zerolog"
	"github.com/zricethezav/gitleaks/v8/config"
	"github.com/zricethezav/gitleaks/v8/detect"
)

type detected struct {
	Rule   string `json:"rule"`
	Secret string `json:"secret"`
}

type sample struct {
	Rule     string     `json:"rule"`
	Text     string     `json:"text"`
	Detected []detected `json:"detected"`
}

const triesPerSample = 40

func detectIn(detector *detect.Detector, text string) []detected {
	all := []detected{}
	for _, finding := range detector.DetectString(text) {
		all = append(all, detected{finding.RuleID, finding.Secret})
	}
	return all
}

func names(all []detected, rule string) bool {
	for _, one := range all {
		if one.Rule == rule {
			return true
		}
	}
	return false
}

// inOneCase lets marks have the case that their issuers write, whatever a rule lets pass, and the rest of a credential both.
func inOneCase(expression string) string {
	if !strings.Contains(expression, "(?i") {
		return expression
	}
	return strings.NewReplacer("(?i)", "", "(?i:", "(?:", "a-zA-Z", "a-zA-Z", "a-z", "a-zA-Z").Replace(expression)
}

// Some rules look at nothing without the name of the issuer nearby.
func withKeyword(rule config.Rule, text string) string {
	if len(rule.Keywords) == 0 {
		return text
	}
	return rule.Keywords[0] + " " + text
}

func samplesOf(detector *detect.Detector, rule config.Rule, count int, seed int64) []sample {
	generator, err := reggen.NewGenerator(inOneCase(rule.Regex.String()))
	if err != nil {
		panic(err)
	}
	generator.SetSeed(seed)
	samples := []sample{}
	for try := 0; try < count*triesPerSample && len(samples) < count; try++ {
		generated := generator.Generate(8)
		for _, text := range []string{generated, withKeyword(rule, generated)} {
			if all := detectIn(detector, text); names(all, rule.RuleID) {
				samples = append(samples, sample{rule.RuleID, text, all})
				break
			}
		}
	}
	return samples
}

func printSamples(detector *detect.Detector, count int, seed int64) {
	output := json.NewEncoder(os.Stdout)
	rules := []string{}
	for name, rule := range detector.Config.Rules {
		if rule.Regex != nil {
			rules = append(rules, name)
		}
	}
	sort.Strings(rules)
	for _, name := range rules {
		samples := samplesOf(detector, detector.Config.Rules[name], count, seed)
		if len(samples) == 0 {
			samples = []sample{{name, "", []detected{}}}
		}
		for _, one := range samples {
			output.Encode(one)
		}
	}
}

func printDetected(detector *detect.Detector) {
	input, output := bufio.NewScanner(os.Stdin), json.NewEncoder(os.Stdout)
	input.Buffer(nil, 1<<26)
	for input.Scan() {
		var text string
		if err := json.Unmarshal(input.Bytes(), &text); err != nil {
			panic(err)
		}
		output.Encode(detectIn(detector, text))
	}
}

func main() {
	zerolog.SetGlobalLevel(zerolog.Disabled)
	detector, err := detect.NewDetectorDefaultConfig()
	if err != nil {
		panic(err)
	}
	if os.Args[1] == "detect" {
		printDetected(detector)
		return
	}
	count, _ := strconv.Atoi(os.Args[1])
	seed, _ := strconv.ParseInt(os.Args[2], 10, 64)
	printSamples(detector, count, seed)
}
