"""What TensorBoard itself reads from a run's folder of event files, as one line of JSON.

    PYTHONPATH=.cache/tensorboard python3 scripts/testing/read_tensorboard.py FOLDER
"""

import json
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams import api_pb2, metadata, plugin_data_pb2

run = EventAccumulator(sys.argv[1], size_guidance={"scalars": 0, "tensors": 0})
run.Reload()
scalars = {tag: [[event.step, event.value] for event in run.Scalars(tag)] for tag in run.Tags()["scalars"]}

hyperparameters, status = {}, None
for tag, content in run.PluginTagToContent(metadata.PLUGIN_NAME).items():
    data = plugin_data_pb2.HParamsPluginData.FromString(content)
    if tag == metadata.SESSION_START_INFO_TAG:
        for name, value in data.session_start_info.hparams.items():
            hyperparameters[name] = getattr(value, value.WhichOneof("kind"))
    if tag == metadata.SESSION_END_INFO_TAG:
        status = api_pb2.Status.Name(data.session_end_info.status)

print(json.dumps({"scalars": scalars, "hyperparameters": hyperparameters, "status": status}))
