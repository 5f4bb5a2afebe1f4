#include <utility>

#include "core/pretrained/gguf_file.h"
#include "core/pretrained/pretrained_model.h"
#include "tests/fuzz/harness.h"

namespace lab::fuzz {

void gguf(std::string_view bytes) {
    const std::filesystem::path path = fileOf(bytes, "input.gguf");
    const bool sound = accepted([&] {
        StoredTensors tensors;
        addGguf(tensors, path);
        for (const StoredTensor& tensor : tensors.all()) {
            std::int64_t numbers = 1;
            for (const std::int64_t extent : tensor.shape) numbers *= extent;
            require(std::cmp_equal(numbers, tensor.count()), "a tensor has the numbers of its shape");
            require(tensor.begin + tensor.bytes <= bytes.size(), "a tensor lies in the file");
        }
    });
    if (sound) accepted([&] { openPretrained(path); });
}

}  // namespace lab::fuzz
