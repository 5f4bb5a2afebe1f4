// The entry of one harness, LAB_HARNESS, for libFuzzer.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "tests/fuzz/frame.h"

namespace lab::fuzz {
void LAB_HARNESS(std::string_view bytes);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    lab::fuzz::LAB_HARNESS({reinterpret_cast<const char*>(data), size});
    return 0;
}

#if LAB_FRAMED
extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

/// Mostly the header is changed and its length mended: other changes of a length lead no further than to a refusal.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t most, unsigned int seed) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto frame = lab::fuzz::frameOf(bytes);
    if (!frame || seed % 4 == 0) return LLVMFuzzerMutate(data, size, most);
    const std::size_t others = bytes.size() - frame->header.size();
    std::string header(frame->header);
    const std::size_t length = header.size();
    header.resize(std::max(length, most - std::min(most, others)));
    header.resize(LLVMFuzzerMutate(reinterpret_cast<std::uint8_t*>(header.data()), length, header.size()));
    const std::string framed = lab::fuzz::framed(header, frame->data).substr(0, most);
    std::ranges::copy(framed, data);
    return framed.size();
}
#endif
