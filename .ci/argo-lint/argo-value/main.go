// Print what the controller of Argo Workflows makes of values: each argument is a template, resolved as the value of a
// metric is, by the controller's own library and without variables.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/argoproj/argo-workflows/v3/util/template"
)

func main() {
	for _, value := range os.Args[1:] {
		text, err := json.Marshal(value)
		if err == nil {
			value, err = template.Replace(string(text), map[string]string{}, false)
		}
		if err == nil {
			err = json.Unmarshal([]byte(value), &value)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		fmt.Println(value)
	}
}
