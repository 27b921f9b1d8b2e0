// Check lists of APIs with Cortex's own code, as `cortex deploy` does before it talks to a cluster. Cortex also asks a
// Docker daemon whether each image is there; one that finds every image answers it on loopback.
package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"

	"github.com/cortexlabs/cortex/pkg/types/spec"
	"github.com/cortexlabs/cortex/pkg/types/userconfig"
)

func main() {
	daemon := httptest.NewServer(http.HandlerFunc(answer))
	os.Setenv("DOCKER_HOST", strings.Replace(daemon.URL, "http", "tcp", 1))
	status := 0
	for _, file := range os.Args[1:] {
		if err := check(file); err != nil {
			first, _, _ := strings.Cut(err.Error(), "\n")
			fmt.Fprintln(os.Stderr, file+": "+first)
			status = 1
		}
	}
	daemon.Close()
	os.Exit(status)
}

func answer(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("API-Version", "1.41")
	w.Header().Set("Content-Type", "application/json")
	if strings.HasSuffix(r.URL.Path, "/_ping") {
		return
	}
	json.NewEncoder(w).Encode(map[string]any{"Descriptor": map[string]any{"digest": "sha256:0"}})
}

func check(file string) error {
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	apis, err := spec.ExtractAPIConfigs(content, file)
	if err != nil {
		return err
	}
	for n := range apis {
		if apis[n].Kind == userconfig.TrafficSplitterKind {
			err = spec.ValidateTrafficSplitter(&apis[n])
		} else {
			err = spec.ValidateAPI(&apis[n], nil, nil)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", apis[n].Name, err)
		}
	}
	return nil
}
