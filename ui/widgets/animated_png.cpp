#include "ui/widgets/animated_png.h"

#include <QtEndian>
#include <array>
#include <cstdint>

#include "core/base/errors.h"

namespace lab {
namespace {

const QByteArray signature = QByteArrayLiteral("\x89PNG\r\n\x1a\n");

/// CRC-32 as PNG has it (ISO 3309), of a chunk's type and data.
std::uint32_t crcOf(const QByteArray& bytes) {
    static const std::array<std::uint32_t, 256> table = [] {
        std::array<std::uint32_t, 256> values{};
        for (std::uint32_t i = 0; i < values.size(); ++i) {
            std::uint32_t c = i;
            for (int bit = 0; bit < 8; ++bit) c = c & 1 ? 0xEDB88320U ^ (c >> 1) : c >> 1;
            values[i] = c;
        }
        return values;
    }();
    std::uint32_t crc = 0xFFFFFFFFU;
    for (char byte : bytes) crc = table[(crc ^ static_cast<unsigned char>(byte)) & 0xFFU] ^ (crc >> 8);
    return crc ^ 0xFFFFFFFFU;
}

QByteArray number32(std::uint32_t value) {
    QByteArray bytes(4, '\0');
    qToBigEndian(value, bytes.data());
    return bytes;
}

QByteArray number16(std::uint16_t value) {
    QByteArray bytes(2, '\0');
    qToBigEndian(value, bytes.data());
    return bytes;
}

QByteArray chunk(const QByteArray& type, const QByteArray& data) {
    const QByteArray body = type + data;
    return number32(static_cast<std::uint32_t>(data.size())) + body + number32(crcOf(body));
}

struct Picture {
    QByteArray header;             ///< IHDR's data
    std::vector<QByteArray> data;  ///< of each IDAT
};

Picture pictureOf(const QByteArray& file) {
    Picture picture;
    if (!file.startsWith(signature)) throw InputError(LAB_TEXT("figures", "a frame of the film is no PNG picture"));
    for (qsizetype at = signature.size(); at + 12 <= file.size();) {
        const auto length = static_cast<qsizetype>(qFromBigEndian<std::uint32_t>(file.constData() + at));
        const QByteArray type = file.mid(at + 4, 4), data = file.mid(at + 8, length);
        if (type == "IHDR") picture.header = data;
        if (type == "IDAT") picture.data.push_back(data);
        at += 12 + length;
    }
    if (picture.header.size() != 13 || picture.data.empty()) throw InputError(LAB_TEXT("figures", "a frame of the film is no PNG picture"));
    return picture;
}

/// Shows the whole next picture for a time, replacing what was there.
QByteArray frameControl(std::uint32_t sequence, const QByteArray& header, int milliseconds) {
    return chunk("fcTL", number32(sequence) + header.left(8) + number32(0) + number32(0) +
                             number16(static_cast<std::uint16_t>(milliseconds)) + number16(1000) + QByteArray(2, '\0'));
}

}  // namespace

QByteArray animatedPng(const std::vector<QByteArray>& pictures, int milliseconds, int restMilliseconds) {
    QByteArray film = signature, header;
    std::uint32_t sequence = 0;
    for (std::size_t i = 0; i < pictures.size(); ++i) {
        const Picture picture = pictureOf(pictures[i]);
        if (i == 0) {
            header = picture.header;
            film += chunk("IHDR", header) + chunk("acTL", number32(static_cast<std::uint32_t>(pictures.size())) + number32(0));
        }
        if (picture.header != header) throw InputError(LAB_TEXT("figures", "the frames of the film are not of one size"));
        film += frameControl(sequence++, header, i + 1 == pictures.size() ? restMilliseconds : milliseconds);
        for (const QByteArray& data : picture.data) film += i == 0 ? chunk("IDAT", data) : chunk("fdAT", number32(sequence++) + data);
    }
    return film + chunk("IEND", {});
}

}  // namespace lab
