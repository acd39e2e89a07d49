// Command sdkgen writes the Python and Node.js SDKs of a Pulumi schema, as `pulumi package gen-sdk` would.
// That command asks a language host, and the hosts that can answer are not to be had as Go modules.
//
//	sdkgen SCHEMA.json OUT    writes OUT/python and OUT/nodejs
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

const tool = "sdkgen" // names itself in the head of every generated file

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "sdkgen:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 2 {
		return errors.New("usage: sdkgen SCHEMA.json OUT")
	}
	text, err := os.ReadFile(args[0])
	if err != nil {
		return err
	}
	var spec schema.PackageSpec
	if err := json.Unmarshal(text, &spec); err != nil {
		return fmt.Errorf("%s: %w", args[0], err)
	}
	loader := schema.NewCachedLoader(nil) // of the packages that the schema refers to: none
	pkg, diagnostics, err := schema.BindSpec(spec, loader, schema.ValidationOptions{})
	if err != nil {
		return err
	}
	if diagnostics.HasErrors() {
		return diagnostics
	}
	pythonFiles, err := python.GeneratePackage(tool, pkg, nil, loader)
	if err != nil {
		return err
	}
	nodejsFiles, err := nodejs.GeneratePackage(tool, pkg, nil, nil, true, loader)
	if err != nil {
		return err
	}
	if err := write(filepath.Join(args[1], "python"), pythonFiles); err != nil {
		return err
	}
	return write(filepath.Join(args[1], "nodejs"), nodejsFiles)
}

func write(folder string, files map[string][]byte) error {
	for name, text := range files {
		path := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, text, 0o644); err != nil {
			return err
		}
	}
	return nil
}
