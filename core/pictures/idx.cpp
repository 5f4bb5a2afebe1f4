#include "core/pictures/idx.h"

#include <array>
#include <cstdio>

#include "core/base/errors.h"
#include "core/text/gzip.h"

namespace lab {
namespace {

constexpr int mostSide = 1024;
constexpr std::int64_t mostPictures = 100'000'000;
constexpr std::size_t mostBytes = std::size_t{1} << 31;

[[noreturn]] void refuseByte(const std::string& file, std::size_t at, Message what) {
    throw InputError(file, located(Message(LAB_TEXT("pictures", "byte %1")).arg(at), std::move(what)));
}

unsigned byteAt(std::string_view bytes, std::size_t at) {
    return static_cast<unsigned char>(bytes[at]);
}

std::string hexadecimal(unsigned byte) {
    std::array<char, 5> text{};
    std::snprintf(text.data(), text.size(), "0x%02X", byte & 0xFFU);
    return text.data();
}

/// The first four bytes.
void checkMagic(std::string_view bytes, int dimensions, const std::string& file) {
    if (bytes.empty()) throw InputError(file, LAB_TEXT("pictures", "is empty"));
    for (std::size_t at = 0; at < std::min<std::size_t>(2, bytes.size()); ++at)
        if (byteAt(bytes, at) != 0)
            refuseByte(file, at,
                       Message(LAB_TEXT("pictures", "is %1, but an IDX file begins with two bytes 0")).arg(hexadecimal(byteAt(bytes, at))));
    constexpr unsigned unsignedBytes = 0x08;
    if (bytes.size() > 2 && byteAt(bytes, 2) != unsignedBytes)
        refuseByte(
            file, 2,
            Message(LAB_TEXT("pictures", "is %1, but the numbers must be bytes, whose type is 0x08")).arg(hexadecimal(byteAt(bytes, 2))));
    if (bytes.size() > 3 && byteAt(bytes, 3) != static_cast<unsigned>(dimensions))
        refuseByte(
            file, 3,
            Message(dimensions == 3
                        ? LAB_TEXT("pictures", "the number of dimensions is %1, but that of pictures is %2 (how many, height, width)")
                        : LAB_TEXT("pictures", "the number of dimensions is %1, but that of labels is %2 (how many)"))
                .arg(byteAt(bytes, 3))
                .arg(dimensions));
}

/// Of dimension i, checked.
int sizeAt(std::string_view bytes, int i, const std::string& file) {
    const std::size_t at = 4 + 4 * static_cast<std::size_t>(i);
    std::int64_t size = 0;
    for (std::size_t k = 0; k < 4; ++k) size = size << 8 | byteAt(bytes, at + k);
    const std::int64_t most = i == 0 ? mostPictures : mostSide;
    if (size >= 1 && size <= most) return static_cast<int>(size);
    const SourceText problem = i == 0   ? LAB_TEXT("pictures", "says that there are %1; there must be from 1 to %2")
                               : i == 1 ? LAB_TEXT("pictures", "says that pictures are %1 pixels high; they must be from 1 to %2")
                                        : LAB_TEXT("pictures", "says that pictures are %1 pixels wide; they must be from 1 to %2");
    refuseByte(file, at, Message(problem).arg(size).arg(most));
}

/// `bytes`, unpacked when they are packed.
void unpack(std::string& bytes, const std::string& file) {
    if (isGzip(bytes)) bytes = unpackedGzip(bytes, file, mostBytes);
}

std::vector<std::uint8_t> copied(std::string_view bytes) {
    return {bytes.begin(), bytes.end()};
}

}  // namespace

IdxFile idxFile(std::string_view bytes, int dimensions, const std::string& file) {
    checkMagic(bytes, dimensions, file);
    const std::size_t header = 4 + 4 * static_cast<std::size_t>(dimensions);
    if (bytes.size() < header)
        refuseByte(file, bytes.size(), Message(LAB_TEXT("pictures", "the file ends inside its header of %1 bytes")).arg(header));
    IdxFile read;
    std::uint64_t numbers = 1;  // below 2^47
    for (int i = 0; i < dimensions; ++i) {
        read.sizes.push_back(sizeAt(bytes, i, file));
        numbers *= static_cast<std::uint64_t>(read.sizes.back());
    }
    if (bytes.size() - header < numbers)
        refuseByte(file, bytes.size(),
                   Message(LAB_TEXT("pictures", "the file ends, but by its header it has %1 bytes")).arg(header + numbers));
    if (bytes.size() - header > numbers)
        refuseByte(file, header + numbers,
                   Message(LAB_TEXT("pictures", "by its header the file ends here, but it has %1 bytes")).arg(bytes.size()));
    read.bytes = bytes.substr(header);
    return read;
}

PictureSet pictureSetOf(std::string pictures, const std::string& picturesName, std::string labels, const std::string& labelsName) {
    unpack(pictures, picturesName);
    unpack(labels, labelsName);
    const IdxFile ofPictures = idxFile(pictures, 3, picturesName), ofLabels = idxFile(labels, 1, labelsName);
    if (ofPictures.sizes[0] != ofLabels.sizes[0])
        refuseByte(labelsName, 4,
                   Message(LAB_TEXT("pictures", "the number of labels is %1, but that of the pictures of %2 is %3"))
                       .arg(ofLabels.sizes[0])
                       .arg(picturesName)
                       .arg(ofPictures.sizes[0]));
    return {ofPictures.sizes[2], ofPictures.sizes[1], copied(ofPictures.bytes), copied(ofLabels.bytes)};
}

}  // namespace lab
