// Package onnxpb is the ONNX file format as Go structs, generated from onnx.proto by the official compiler and plugin:
//
//	go install google.golang.org/protobuf/cmd/protoc-gen-go@v1.36.12    (and protoc, Debian: protobuf-compiler)
//	go generate ./internal/ml/onnx/onnxpb
//
// Only package onnx uses it.
package onnxpb

//go:generate protoc --go_out=. --go_opt=paths=source_relative onnx.proto
