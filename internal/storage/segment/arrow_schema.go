package segment

import (
	"encoding/json"
	"fmt"

	flatbuffers "github.com/google/flatbuffers/go"

	"github.com/flernd/flernd/internal/storage/sqltype"
)

// FormatVersion is the version of the files' contents, kept in each file and in the catalog.
const FormatVersion = 2

// Field describes a column to readers of the file.
type Field struct {
	Name string
	Type sqltype.Type
	// Dictionary names the dictionary that a Dictionary column's codes refer to.
	Dictionary string
}

// Values of Arrow's flatbuffer schema (format/Message.fbs, Schema.fbs, File.fbs).
const (
	arrowV5          = 4 // MetadataVersion
	headerSchema     = 1 // MessageHeader
	headerBatch      = 3
	typeInt          = 2 // Type
	typeFloat        = 3
	typeBinary       = 4
	typeUtf8         = 5
	typeDecimal      = 7
	typeFixedBinary  = 15
	precisionSingle  = 1
	precisionDouble  = 2
	blockStructSize  = 24
	pairStructSize   = 16
	structAlignment  = 8
	extensionNameKey = "ARROW:extension:name"
	extensionMetaKey = "ARROW:extension:metadata"
)

// extension is what an extension type's metadata says, in JSON.
type extension struct {
	SQLType    string `json:"sql_type"`
	Scale      int    `json:"scale,omitempty"`
	Base       int64  `json:"base,omitempty"`
	Divisor    int64  `json:"divisor,omitempty"`
	Unit       string `json:"unit,omitempty"`
	Dictionary string `json:"dictionary,omitempty"`
	Meaning    string `json:"meaning"`
}

// extensionOf returns the name and the metadata of the column's extension type.
func extensionOf(f Field, c Column) (name, metadata string) {
	e := extension{SQLType: f.Type.String()}
	_, e.Scale, _ = f.Type.PrecisionScale()
	switch c.Layout.Encoding {
	case Scaled:
		name, e.Base, e.Divisor = "flern.scaled", c.Base, c.Layout.Divisor
		e.Meaning = "value = stored * divisor + base"
		switch f.Type.Kind {
		case sqltype.Date:
			e.Unit = "days since 2000-01-01"
		case sqltype.Timestamp:
			e.Unit = "microseconds since 2000-01-01"
		case sqltype.Numeric:
			e.Unit = "10^-scale"
		}
	case Wide:
		name, e.Meaning = "flern.wide", "two's complement, in units of 10^-scale"
		if f.Type.Kind == sqltype.Interval {
			e.Meaning = "int64 microseconds, int32 days, int32 months"
		}
	case Float:
		name, e.Meaning = "flern.float", "IEEE 754"
	case Dictionary:
		name, e.Dictionary, e.Meaning = "flern.dictionary", f.Dictionary, "index into the dictionary"
	case Bytes:
		name, e.Meaning = "flern.bytes", "text"
		if f.Type.Kind == sqltype.Numeric {
			e.Meaning = "count, weight, sign and scale as 16 bits each, then base-10000 digits of 16 bits"
		}
		switch f.Type.Kind {
		case sqltype.Array:
			e.Meaning = "count and number of nulls as 32 bits each, values (text: 32-bit offsets and bytes), a bitmap of values if there are nulls"
		case sqltype.Vector:
			e.Meaning = "IEEE 754 singles"
		}
	case Fixed:
		name, e.Meaning = "flern.fixed", "IEEE 754 singles"
	}
	b, err := json.Marshal(e)
	if err != nil { // a struct of strings and integers
		panic(err)
	}
	return name, string(b)
}

// arrowType appends the storage type and returns its tag in the union.
func arrowType(b *flatbuffers.Builder, f Field, l Layout) (tag byte, at flatbuffers.UOffsetT) {
	switch l.Encoding {
	case Scaled, Dictionary:
		b.StartObject(2)
		b.PrependInt32Slot(0, int32(l.Width)*8, 0)
		b.PrependBoolSlot(1, l.Encoding == Scaled && l.Width == 8, false)
		return typeInt, b.EndObject()
	case Float:
		precision := int16(precisionDouble)
		if l.Width == 4 {
			precision = precisionSingle
		}
		b.StartObject(1)
		b.PrependInt16Slot(0, precision, 0)
		return typeFloat, b.EndObject()
	case Wide:
		if precision, scale, ok := f.Type.PrecisionScale(); ok {
			b.StartObject(3)
			b.PrependInt32Slot(0, int32(precision), 0)
			b.PrependInt32Slot(1, int32(scale), 0)
			b.PrependInt32Slot(2, 128, 128)
			return typeDecimal, b.EndObject()
		}
		b.StartObject(1)
		b.PrependInt32Slot(0, 16, 0)
		return typeFixedBinary, b.EndObject()
	case Fixed:
		b.StartObject(1)
		b.PrependInt32Slot(0, int32(l.Stride()), 0)
		return typeFixedBinary, b.EndObject()
	}
	b.StartObject(0)
	if !f.Type.Kind.IsString() {
		return typeBinary, b.EndObject()
	}
	return typeUtf8, b.EndObject()
}

func keyValues(b *flatbuffers.Builder, pairs ...string) flatbuffers.UOffsetT {
	var at []flatbuffers.UOffsetT
	for i := 0; i < len(pairs); i += 2 {
		k, v := b.CreateString(pairs[i]), b.CreateString(pairs[i+1])
		b.StartObject(2)
		b.PrependUOffsetTSlot(0, k, 0)
		b.PrependUOffsetTSlot(1, v, 0)
		at = append(at, b.EndObject())
	}
	return offsetVector(b, at)
}

func offsetVector(b *flatbuffers.Builder, at []flatbuffers.UOffsetT) flatbuffers.UOffsetT {
	b.StartVector(flatbuffers.SizeUOffsetT, len(at), flatbuffers.SizeUOffsetT)
	for i := len(at) - 1; i >= 0; i-- {
		b.PrependUOffsetT(at[i])
	}
	return b.EndVector(len(at))
}

func schemaTable(b *flatbuffers.Builder, fields []Field, cols []Column) flatbuffers.UOffsetT {
	at := make([]flatbuffers.UOffsetT, len(fields))
	for i, f := range fields {
		name := b.CreateString(f.Name)
		tag, typ := arrowType(b, f, cols[i].Layout)
		extName, extMeta := extensionOf(f, cols[i])
		meta := keyValues(b, extensionNameKey, extName, extensionMetaKey, extMeta)
		children := offsetVector(b, nil)
		b.StartObject(7)
		b.PrependUOffsetTSlot(0, name, 0)
		b.PrependBoolSlot(1, cols[i].Layout.Nullable, false)
		b.PrependByteSlot(2, tag, 0)
		b.PrependUOffsetTSlot(3, typ, 0)
		b.PrependUOffsetTSlot(5, children, 0)
		b.PrependUOffsetTSlot(6, meta, 0)
		at[i] = b.EndObject()
	}
	list := offsetVector(b, at)
	meta := keyValues(b, "flern:format", fmt.Sprint(FormatVersion))
	b.StartObject(4)
	b.PrependUOffsetTSlot(1, list, 0)
	b.PrependUOffsetTSlot(2, meta, 0)
	return b.EndObject()
}

func message(b *flatbuffers.Builder, tag byte, header flatbuffers.UOffsetT, body int64) []byte {
	b.StartObject(5)
	b.PrependInt16Slot(0, arrowV5, 0)
	b.PrependByteSlot(1, tag, 0)
	b.PrependUOffsetTSlot(2, header, 0)
	b.PrependInt64Slot(3, body, 0)
	b.Finish(b.EndObject())
	return b.FinishedBytes()
}

func schemaMessage(fields []Field, cols []Column) []byte {
	b := flatbuffers.NewBuilder(1024)
	return message(b, headerSchema, schemaTable(b, fields, cols), 0)
}

// structVector appends a vector of pairs of int64.
func structVector(b *flatbuffers.Builder, pairs [][2]int64) flatbuffers.UOffsetT {
	b.StartVector(pairStructSize, len(pairs), structAlignment)
	for i := len(pairs) - 1; i >= 0; i-- {
		b.Prep(structAlignment, pairStructSize)
		b.PrependInt64(pairs[i][1])
		b.PrependInt64(pairs[i][0])
	}
	return b.EndVector(len(pairs))
}

func batchMessage(rows int64, nodes, buffers [][2]int64, body int64) []byte {
	b := flatbuffers.NewBuilder(1024)
	bufferVector := structVector(b, buffers)
	nodeVector := structVector(b, nodes)
	b.StartObject(4)
	b.PrependInt64Slot(0, rows, 0)
	b.PrependUOffsetTSlot(1, nodeVector, 0)
	b.PrependUOffsetTSlot(2, bufferVector, 0)
	return message(b, headerBatch, b.EndObject(), body)
}

// footer describes a file with one record batch.
func footer(fields []Field, cols []Column, batchAt int64, metadata int32, body int64) []byte {
	b := flatbuffers.NewBuilder(1024)
	schema := schemaTable(b, fields, cols)
	b.StartVector(blockStructSize, 0, structAlignment)
	dictionaries := b.EndVector(0)
	b.StartVector(blockStructSize, 1, structAlignment)
	b.Prep(structAlignment, blockStructSize)
	b.PrependInt64(body)
	b.Pad(4)
	b.PrependInt32(metadata)
	b.PrependInt64(batchAt)
	batches := b.EndVector(1)
	b.StartObject(5)
	b.PrependInt16Slot(0, arrowV5, 0)
	b.PrependUOffsetTSlot(1, schema, 0)
	b.PrependUOffsetTSlot(2, dictionaries, 0)
	b.PrependUOffsetTSlot(3, batches, 0)
	b.Finish(b.EndObject())
	return b.FinishedBytes()
}
