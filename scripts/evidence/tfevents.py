"""Reads TensorBoard event files with Google's protobuf (Debian: python3-protobuf), and prints their scalars.

    python3 scripts/evidence/tfevents.py RUN_FOLDER/events.out.tfevents.*

The messages' fields are declared as in tensorflow/core/util/event.proto and tensorflow/core/framework/summary.proto.
Fails on a wrong checksum, a field that is not among them, or anything after the last record.
"""

import struct
import sys

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

FIELD = descriptor_pb2.FieldDescriptorProto


def messages():
    file = descriptor_pb2.FileDescriptorProto(name="event.proto", package="tensorflow", syntax="proto2")

    def message(name, fields):
        declared = file.message_type.add(name=name)
        for number, field, kind, type_name, label in fields:
            declared.field.add(name=field, number=number, type=kind, type_name=type_name, label=label)

    one, many = FIELD.LABEL_OPTIONAL, FIELD.LABEL_REPEATED
    message("Value", [(1, "tag", FIELD.TYPE_STRING, None, one), (2, "simple_value", FIELD.TYPE_FLOAT, None, one)])
    message("Summary", [(1, "value", FIELD.TYPE_MESSAGE, ".tensorflow.Value", many)])
    message(
        "Event",
        [
            (1, "wall_time", FIELD.TYPE_DOUBLE, None, one),
            (2, "step", FIELD.TYPE_INT64, None, one),
            (3, "file_version", FIELD.TYPE_STRING, None, one),
            (5, "summary", FIELD.TYPE_MESSAGE, ".tensorflow.Summary", one),
        ],
    )
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    found = pool.FindMessageTypeByName("tensorflow.Event")
    if hasattr(message_factory, "GetMessageClass"):
        return message_factory.GetMessageClass(found)
    return message_factory.MessageFactory(pool).GetPrototype(found)


def masked_crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    crc ^= 0xFFFFFFFF
    return (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF


def records(path):
    with open(path, "rb") as file:
        while head := file.read(12):
            length, checksum = struct.unpack("<QI", head)
            assert checksum == masked_crc32c(head[:8]), "the checksum of a length"
            data = file.read(length)
            (checksum,) = struct.unpack("<I", file.read(4))
            assert checksum == masked_crc32c(data), "the checksum of a record"
            yield data


def main():
    event_class = messages()
    for path in sys.argv[1:]:
        print(path)
        for data in records(path):
            event = event_class.FromString(data)
            # Unknown fields are kept: written again without them, a message is shorter.
            event.DiscardUnknownFields()
            assert len(event.SerializeToString()) == len(data), "a field that is not declared"
            scalars = "  ".join(f"{value.tag} {value.simple_value:.6g}" for value in event.summary.value)
            print(f"{event.wall_time:.3f}  step {event.step}  {event.file_version}{scalars}")


main()
