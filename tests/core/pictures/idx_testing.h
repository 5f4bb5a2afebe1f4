#pragma once

#include <zlib.h>

#include <initializer_list>
#include <string>

namespace lab::picture_testing {

/// The bytes of an IDX file of bytes.
inline std::string idxBytes(std::initializer_list<unsigned> sizes, const std::string& numbers) {
    std::string bytes("\0\0\x08", 3);
    bytes += static_cast<char>(sizes.size());
    for (const unsigned size : sizes)
        for (const int shift : {24, 16, 8, 0}) bytes += static_cast<char>(size >> shift & 0xFFU);
    return bytes + numbers;
}

inline std::string gzipped(const std::string& text) {
    z_stream stream{};
    deflateInit2(&stream, 6, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY);
    std::string bytes(deflateBound(&stream, text.size()) + 64, '\0');
    stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(bytes.data());
    stream.avail_out = static_cast<uInt>(bytes.size());
    deflate(&stream, Z_FINISH);
    bytes.resize(stream.total_out);
    deflateEnd(&stream);
    return bytes;
}

}  // namespace lab::picture_testing
