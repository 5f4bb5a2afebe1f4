#include <QtTest>

#include <cmath>
#include <cstring>

#include "core/pretrained/block_formats.h"
#include "tests/core/pretrained/pretrained_cases.h"

using namespace lab;

namespace {

constexpr std::pair<const char*, std::uint32_t> goldenFormats[] = {{"Q4_0", 2}, {"Q4_1", 3}, {"Q8_0", 8}, {"Q4_K", 12}, {"Q6_K", 14}};

std::vector<float> floatsOf(const std::string& bytes) {
    std::vector<float> floats(bytes.size() / sizeof(float));
    std::memcpy(floats.data(), bytes.data(), bytes.size());
    return floats;
}

}  // namespace

class BlockFormatsTest : public QObject {
    Q_OBJECT

private slots:
    /// tests/reference/gguf_blocks/make_blocks.py: random bits and what the package gguf makes of them.
    void blocksAreReadAsThePackageReadsThem() {
        const std::filesystem::path folder = std::filesystem::path(LAB_SOURCE_DIR) / "tests/reference/gguf_blocks";
        for (const auto& [name, kind] : goldenFormats) {
            const std::string blocks = readFile(folder / (std::string(name) + ".blocks"));
            const std::vector<float> expected = floatsOf(readFile(folder / (std::string(name) + ".floats")));
            const NumberFormat* format = blockFormat(kind);
            QVERIFY(format);
            QCOMPARE(format->name, std::string_view(name));
            QCOMPARE(blocks.size() / format->blockBytes * format->blockNumbers, expected.size());
            std::vector<float> found(expected.size());
            QCOMPARE(format->convert(blocks.data(), found.size(), found.data()), found.size());
            for (std::size_t i = 0; i < found.size(); ++i)  // the order of two products may differ
                QVERIFY2(std::abs(found[i] - expected[i]) <= 1e-6F * std::abs(expected[i]) + 1e-7F, name);
        }
    }

    void otherKindsAreNotRead() {
        for (const std::uint32_t kind : {6U, 10U, 16U, 4U << 20}) QVERIFY(!blockFormat(kind));
        for (const std::uint32_t kind : {0U, 1U, 30U}) QVERIFY(blockFormat(kind));
        QCOMPARE(QString::fromStdString(blockFormatNames()), "F32, F16, Q4_0, Q4_1, Q8_0, Q4_K, Q6_K and BF16");
    }
};

QTEST_APPLESS_MAIN(BlockFormatsTest)
#include "block_formats_test.moc"
