#include "core/io/safetensors.h"

#include "tests/fuzz/harness.h"
#include "tests/fuzz/same.h"

namespace lab::fuzz {

void safetensors(std::string_view bytes) {
    TensorFile file;
    if (!accepted([&] { file = parseSafetensors(bytes, "input"); })) return;
    const std::filesystem::path path = scratch() / "again.safetensors";
    writeSafetensors(path, file.tensors, file.metadata);
    const TensorFile again = readSafetensors(path);
    require(again.metadata == file.metadata && readSafetensorsMetadata(path) == file.metadata, "metadata are written as they are read");
    require(sameTensors(again.tensors, file.tensors), "tensors are written as they are read");
    require(looksLikeSafetensors(path), "what is written looks like what it is");
}

}  // namespace lab::fuzz
