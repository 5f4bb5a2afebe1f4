#include "core/text/gzip.h"

#include <zlib.h>

#include <algorithm>

#include "core/base/errors.h"

namespace lab {
namespace {

/// zlib's stream, closed whatever happens.
struct Inflation {
    z_stream stream{};

    Inflation() {
        constexpr int gzipOnly = 16;
        if (inflateInit2(&stream, MAX_WBITS + gzipOnly) != Z_OK) throw std::bad_alloc();
    }
    ~Inflation() { inflateEnd(&stream); }
    Inflation(const Inflation&) = delete;
    Inflation& operator=(const Inflation&) = delete;
};

/// What is made to fill a memory: texts are packed to a third or a tenth, with many repeats to a fiftieth.
bool isBomb(std::size_t packed, std::size_t unpacked) {
    constexpr std::size_t harmless = std::size_t{8} << 20, mostTimes = 200;
    return unpacked > harmless && unpacked / mostTimes > packed;
}

[[noreturn]] void refuseGzip(const std::string& file) {
    throw InputError(file, LAB_TEXT("text", "is packed with gzip, and broken or cut off"));
}

}  // namespace

bool isGzip(std::string_view bytes) {
    return bytes.starts_with("\x1f\x8b");
}

std::string unpackedGzip(std::string_view bytes, const std::string& file, std::size_t most, const Watch& watch) {
    constexpr std::size_t atOnce = 1 << 20;
    Inflation inflation;
    z_stream& stream = inflation.stream;
    std::string text;
    std::size_t taken = 0;
    while (true) {
        const std::size_t offered = std::min(bytes.size() - taken, atOnce), before = text.size();
        stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data() + taken));  // zlib only reads it
        stream.avail_in = static_cast<uInt>(offered);
        text.resize(before + atOnce);
        stream.next_out = reinterpret_cast<Bytef*>(text.data() + before);
        stream.avail_out = static_cast<uInt>(atOnce);
        const int state = inflate(&stream, Z_NO_FLUSH);
        taken += offered - stream.avail_in;
        text.resize(before + atOnce - stream.avail_out);
        if (text.size() >= most) throw InputError(file, LAB_TEXT("text", "unpacks to 2 GB or more, which is more than can be read"));
        if (isBomb(taken, text.size()))
            throw InputError(
                file,
                LAB_TEXT("text", "unpacks to more than 8 MB and more than 200 times its packed size: unpack it first if that is meant"));
        tellWatch(watch, static_cast<double>(taken) / static_cast<double>(bytes.size()), file);
        if (state == Z_STREAM_END) {
            if (!isGzip(bytes.substr(taken))) return text;  // what stands behind the last member is padding
            if (inflateReset(&stream) != Z_OK) refuseGzip(file);
        } else if (state != Z_OK || (offered == 0 && text.size() == before)) {
            refuseGzip(file);
        }
    }
}

}  // namespace lab
