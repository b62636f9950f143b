package dev.bcq.converter.checkpoint.pytorch;

import dev.bcq.converter.checkpoint.pickle.AllowedGlobals;
import dev.bcq.converter.checkpoint.pickle.PickleGlobal.Use;

/**
 * What files of PyTorch may name: what tensors and plain containers are made of, the settings of
 * the projects that are read, and their classes, which stay inert.
 */
public final class PyTorchGlobals {
  public static final AllowedGlobals ALLOWED =
      AllowedGlobals.builder(
              "In Python, load the file if you trust it, and save model.state_dict() alone")
          .allow(Use.DICT, "collections", "OrderedDict")
          .allow(Use.SET, "builtins", "set", "frozenset")
          .allow(Use.SET, "__builtin__", "set", "frozenset")
          .allow(
              Use.OBJECT,
              PyTorchTensors.UTILS,
              PyTorchTensors.TENSOR,
              PyTorchTensors.TENSOR_V2,
              PyTorchTensors.PARAMETER,
              PyTorchTensors.PARAMETER_WITH_STATE)
          .allow(Use.OBJECT, PyTorchTensors.SUBCLASS_MODULE, PyTorchTensors.SUBCLASS)
          .allow(Use.NAME, "torch", PyTorchStorage.TYPES.keySet().toArray(String[]::new))
          .allow(Use.NAME, "torch", "Tensor", "float64", "float32", "float16", "bfloat16")
          .allow(Use.NAME, "torch", "int64", "int32", "int16", "int8", "uint8", "bool")
          .allow(Use.NAME, "torch.nn.parameter", "Parameter")
          .allow(Use.OBJECT, "torch", "Size", "device")
          .allow(Use.OBJECT, "argparse", "Namespace")
          .allow(Use.OBJECT, "_codecs", "encode")
          .allow(Use.OBJECT, "numpy", "dtype")
          .allow(Use.NAME, "numpy", "ndarray")
          .allow(Use.OBJECT, "numpy.core.multiarray", "_reconstruct", "scalar")
          .allow(Use.OBJECT, "numpy._core.multiarray", "_reconstruct", "scalar")
          .inert("fairseq")
          .build();

  private PyTorchGlobals() {}
}
