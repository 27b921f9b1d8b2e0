// The API server of Kubernetes, as it is. It is built here because its module leans on replacements that
// `go install` does not take from the outside.
package main

import (
	"os"

	"k8s.io/component-base/cli"
	"k8s.io/kubernetes/cmd/kube-apiserver/app"
)

func main() { os.Exit(cli.Run(app.NewAPIServerCommand())) }
