#include "core/io/safetensors.h"

#include <QTemporaryDir>
#include <QtTest>
#include <algorithm>
#include <bit>
#include <cmath>
#include <fstream>
#include <limits>
#include <random>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "tests/reference_cases.h"

using namespace lab;

namespace {

std::string lengthBytes(std::uint64_t length) {
    std::string bytes;
    for (int i = 0; i < 8; ++i) bytes += static_cast<char>(length >> (8 * i));
    return bytes;
}

std::string fileBytes(const std::string& header, const std::string& data = {}) {
    return lengthBytes(header.size()) + header + data;
}

template <class T>
std::string rawBytes(std::initializer_list<T> values) {
    std::string bytes;
    for (const T value : values) bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
    return bytes;
}

std::string oneTensor(const std::string& dtype, const std::string& shape, std::size_t bytes) {
    return R"({"a":{"dtype":")" + dtype + R"(","shape":)" + shape + R"(,"data_offsets":[0,)" + std::to_string(bytes) + "]}}";
}

QString refusal(const std::string& bytes) {
    try {
        parseSafetensors(bytes, "f");
        return {};
    } catch (const InputError& error) {
        return QString::fromUtf8(error.what());
    }
}

std::vector<float> valuesOf(const std::string& dtype, const std::string& data, std::size_t count) {
    const std::string shape = shapeText({static_cast<std::int64_t>(count)});
    return parseSafetensors(fileBytes(oneTensor(dtype, shape, data.size()), data), "f").tensors.at("a").values;
}

std::filesystem::path casesFolder() {
    return LAB_SOURCE_DIR "/tests/reference";
}

}  // namespace

class SafetensorsTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    std::filesystem::path file(const char* name) const { return std::filesystem::path(m_folder.path().toStdString()) / name; }

private slots:
    void whatIsWrittenReadsBack() {
        NamedTensors tensors;
        tensors.set(
            "b", Tensor{{2, 3}, {1.5f, -0.0f, 3e-42f, std::numeric_limits<float>::max(), -std::numeric_limits<float>::infinity(), 0.1f}});
        tensors.set("empty", Tensor{{0, 4}, {}});
        tensors.set("tokens", Tensor{{3}, {}, {7, -1, 9007199254740993}});
        tensors.set("scalar", Tensor{{}, {2}});
        writeSafetensors(file("a.safetensors"), tensors, {{"key", "a \"value\"\n\xc3\xa9"}, {"second", ""}});
        const TensorFile again = readSafetensors(file("a.safetensors"));
        QCOMPARE(again.tensors.size(), std::size_t{4});
        for (const auto& [name, tensor] : tensors.entries()) {
            const Tensor& read = again.tensors.at(name);
            QCOMPARE(read.shape, tensor.shape);
            QCOMPARE(read.integers, tensor.integers);
            QCOMPARE(read.values.size(), tensor.values.size() + tensor.integers.size());
            for (std::size_t i = 0; i < tensor.values.size(); ++i) {
                QCOMPARE(std::bit_cast<std::uint32_t>(read.values[i]), std::bit_cast<std::uint32_t>(tensor.values[i]));
            }
        }
        QCOMPARE(again.metadata.at("key"), std::string("a \"value\"\n\xc3\xa9"));
        QVERIFY(looksLikeSafetensors(file("a.safetensors")));
    }

    void writesAlignedData() {
        NamedTensors tensors;
        tensors.set("odd", Tensor{{1}, {1}});
        tensors.set("tokens", Tensor{{1}, {}, {5}});
        writeSafetensors(file("aligned.safetensors"), tensors);
        const std::string bytes = readFile(file("aligned.safetensors"));
        const auto length = static_cast<unsigned char>(bytes[0]);
        QCOMPARE(length % 8, 0);
        QCOMPARE(bytes[8], '{');
        const std::string header = bytes.substr(8, length);
        QVERIFY2(header.find(R"("tokens":{"dtype":"I64","shape":[1],"data_offsets":[0,8]})") != std::string::npos, header.c_str());
        QCOMPARE(bytes.size(), std::size_t{8} + length + 12);
    }

    void readsEveryNumberType() {
        QCOMPARE(valuesOf("F64", rawBytes({1.5, -2e-3, 1e-60}), 3), (std::vector{1.5f, -2e-3f, 0.0f}));
        QCOMPARE(valuesOf("F32", rawBytes({1.5f, -0.1f}), 2), (std::vector{1.5f, -0.1f}));
        QCOMPARE(valuesOf("I64", rawBytes<std::int64_t>({-1, 16777216}), 2), (std::vector{-1.0f, 16777216.0f}));
        QCOMPARE(valuesOf("I32", rawBytes<std::int32_t>({-1, 5}), 2), (std::vector{-1.0f, 5.0f}));
        QCOMPARE(valuesOf("BF16", rawBytes<std::uint16_t>({0x3F80, 0xC049, 0x0000}), 3), (std::vector{1.0f, -3.140625f, 0.0f}));
        // 1, -2, largest 65504, smallest normal 2^-14, smallest subnormal 2^-24, -0
        const auto half = valuesOf("F16", rawBytes<std::uint16_t>({0x3C00, 0xC000, 0x7BFF, 0x0400, 0x0001, 0x8000}), 6);
        QCOMPARE(half, (std::vector{1.0f, -2.0f, 65504.0f, 0x1p-14f, 0x1p-24f, -0.0f}));
        const auto special = valuesOf("F16", rawBytes<std::uint16_t>({0x7C00, 0xFC00, 0x7E00}), 3);
        QVERIFY(std::isinf(special[0]) && special[0] > 0 && std::isinf(special[1]) && special[1] < 0 && std::isnan(special[2]));
        QVERIFY(parseSafetensors(fileBytes(oneTensor("I32", "[1]", 4), rawBytes({1})), "f").tensors.at("a").isInteger());
        QVERIFY(!parseSafetensors(fileBytes(oneTensor("F32", "[1]", 4), rawBytes({1.0f})), "f").tensors.at("a").isInteger());
    }

    void integersThatNoFloatHoldsAreExactAndNoNumberElsewhere() {
        const std::string data = rawBytes<std::int64_t>({16777217, -16777217, std::numeric_limits<std::int64_t>::min(), 16777216});
        const Tensor tensor = parseSafetensors(fileBytes(oneTensor("I64", "[4]", data.size()), data), "f").tensors.at("a");
        QCOMPARE(tensor.integers, (std::vector<std::int64_t>{16777217, -16777217, std::numeric_limits<std::int64_t>::min(), 16777216}));
        QVERIFY(std::isnan(tensor.values[0]) && std::isnan(tensor.values[1]) && std::isnan(tensor.values[2]));
        QCOMPARE(tensor.values[3], 16777216.0f);
    }

    void halvesMatchTheirDefinition() {
        for (std::uint32_t bits = 0; bits < 0x7C00; bits += 7) {
            const int exponent = static_cast<int>(bits >> 10);
            const double mantissa = static_cast<double>(bits & 0x3FF) / 1024;
            const double expected = exponent == 0 ? std::ldexp(mantissa, -14) : std::ldexp(1 + mantissa, exponent - 15);
            QCOMPARE(valuesOf("F16", rawBytes({static_cast<std::uint16_t>(bits)}), 1)[0], static_cast<float>(expected));
        }
    }

    void acceptsBlanksInTheHeader() {
        const std::string header = " \n" + oneTensor("F32", "[1]", 4) + "   ";
        QCOMPARE(parseSafetensors(fileBytes(header, rawBytes({1.0f})), "f").tensors.size(), std::size_t{1});
        QCOMPARE(parseSafetensors(fileBytes("{}"), "f").tensors.size(), std::size_t{0});
    }

    void readsTheReferenceFiles() {
        int files = 0;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(casesFolder())) {
            const bool elsewhere = entry.path().parent_path().parent_path().filename() == "pretrained";  // made by other programs
            const bool ofOtherKind = QStringList{"stream", "adapters", "masked"}.contains(entry.path().parent_path().filename().c_str());
            if (entry.path().extension() != ".safetensors" || elsewhere || ofOtherKind) continue;
            ++files;
            const TensorFile read = readSafetensors(entry.path());
            const std::filesystem::path folder = entry.path().parent_path();
            const std::size_t fewest = entry.path().stem() == "samples" ? 3 : folder.parent_path() == casesFolder() ? 11 : 6;
            QVERIFY2(read.tensors.size() >= fewest, entry.path().c_str());
            QVERIFY(looksLikeSafetensors(entry.path()));
        }
        const QStringList coded = bottleneckCases() + scoreCases();
        const auto having = [&](const char* file) {
            return std::ranges::count_if(coded, [&](const QString& name) { return exists(casesFolder() / name.toStdString() / file); });
        };
        QCOMPARE(files, int(4 * referenceCases().size() + 5 * vectorCases().size() + 3 * coded.size() + having("final.safetensors") +
                            having("drawn.safetensors")));
        const TensorFile trace = readSafetensors(casesFolder() / "encoder-decoder" / "trace.safetensors");
        QVERIFY(trace.tensors.at("tokens").isInteger());
        QCOMPARE(trace.tensors.at("target_tokens").shape, (std::vector<std::int64_t>{11}));
        QVERIFY(!looksLikeSafetensors(casesFolder() / "encoder-decoder" / "experiment.json"));
        QVERIFY(!looksLikeSafetensors(casesFolder() / "none"));
    }

    void saysWhatIsWrong_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("sentence");
        const auto row = [](const char* name, const std::string& bytes, const char* sentence) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes) << QString("f: not a sound safetensors file: ") + sentence;
        };
        const std::string four(4, '\0');
        const std::string eight(8, '\0');
        row("empty", "", "it has 0 bytes, not even a header's length");
        row("short", "1234567", "it has 7 bytes, not even a header's length");
        row("header beyond the file", lengthBytes(100) + "{}", "its header would be 100 bytes long, but only 2 follow");
        row("huge header", lengthBytes(~std::uint64_t{0}) + "{}",
            "its header would be 18446744073709551615 bytes long; 100000000 are allowed");
        row("not UTF-8", fileBytes("{\"\xff\":1}"), "its header is not UTF-8");
        row("not JSON", fileBytes("{a}"),
            "its header: not valid JSON: line 1, column 2: syntax error while parsing object key - invalid literal; last read: '{a'; "
            "expected "
            "string literal");
        row("no object", fileBytes("[]"), "its header is no JSON object");
        row("duplicate",
            fileBytes(R"({"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}})"),
            "its header: a: this key is given twice");
        row("duplicate inside", fileBytes(R"({"a":{"dtype":"F32","dtype":"F32","shape":[0],"data_offsets":[0,0]}})"),
            "its header: a.dtype: this key is given twice");
        row("metadata", fileBytes(R"({"__metadata__":{"a":1}})"), "__metadata__.a is no text");
        row("metadata list", fileBytes(R"({"__metadata__":[]})"), "__metadata__ is no object");
        row("entry", fileBytes(R"({"a":[]})"), "tensor a: its entry is no object");
        row("no shape", fileBytes(R"({"a":{"dtype":"F32","data_offsets":[0,0]}})"), "tensor a: shape is missing");
        row("dtype", fileBytes(oneTensor("F8_E4M3", "[4]", 4), four),
            "tensor a: dtype F8_E4M3 is not read; F64, F32, F16, BF16, I64, I32, I16, I8, U8 and BOOL are");
        row("negative", fileBytes(oneTensor("F32", "[-1]", 4), four), "tensor a: shape has -1, which is no size");
        row("real", fileBytes(oneTensor("F32", "[1.0]", 4), four), "tensor a: shape has 1.0, which is no size");
        row("overflow", fileBytes(oneTensor("F32", "[4294967296,4294967296,4]", 4), four),
            "tensor a: shape [4294967296, 4294967296, 4] is too large");
        row("size", fileBytes(oneTensor("F32", "[2]", 4), four), "tensor a: shape [2] of F32 needs 8 bytes, but data_offsets span 4");
        row("backwards", fileBytes(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}})", four),
            "tensor a: data_offsets [4,0] are no range");
        row("beyond", fileBytes(oneTensor("F32", "[2]", 8), four), "tensor a: its data ends at 8, but the file holds 4 bytes of data");
        row("rest", fileBytes(oneTensor("F32", "[1]", 4), eight), "4 bytes follow the last tensor");
        row("hole", fileBytes(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})", eight),
            "tensor a: there is a hole of 4 bytes in front of its data");
        row("overlap",
            fileBytes(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})",
                      four),
            "tensor b: its data overlaps another tensor's");
        row("large real", fileBytes(oneTensor("F64", "[1]", 8), rawBytes({1e300})), "tensor a: value 0 does not fit a 32-bit float");
    }

    void saysWhatIsWrong() {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, sentence);
        QCOMPARE(refusal(bytes.toStdString()), sentence);
    }

    void overflowThatWrapsToZeroIsSeen() {
        // 2^32 * 2^32 * 4 = 2^66, which is 0 in 64 bits and would match an empty range.
        QCOMPARE(refusal(fileBytes(oneTensor("F32", "[4294967296,4294967296]", 0))),
                 QString("f: not a sound safetensors file: tensor a: shape [4294967296, 4294967296] is too large"));
    }

    void mutatedFilesAreReadOrRefused() {
        const std::string original = readFile(casesFolder() / "encoder-kv" / "init.safetensors");
        const std::size_t head = 8 + static_cast<unsigned char>(original[0]) + 256u * static_cast<unsigned char>(original[1]);
        std::mt19937 random(4);
        int refused = 0;
        for (int i = 0; i < 600; ++i) {
            std::string bytes = original;
            const std::size_t at = random() % (i % 3 == 0 ? bytes.size() : head);
            switch (random() % 5) {
                case 0:
                    bytes[at] = static_cast<char>(random() % 256);
                    break;
                case 1:
                    bytes.erase(at, 1 + random() % 9);
                    break;
                case 2:
                    bytes.insert(at, 1 + random() % 3, static_cast<char>('0' + random() % 10));
                    break;
                case 3:
                    bytes.resize(at);
                    break;
                default:
                    bytes[random() % 8] = static_cast<char>(random() % 256);
            }
            const QString sentence = refusal(bytes);
            if (sentence.isNull()) continue;
            ++refused;
            QVERIFY(sentence.startsWith("f: "));
        }
        QVERIFY(refused > 300);
    }

    void readingIsWatchedAndCanBeLeftOff() {
        QTemporaryDir folder;
        const std::filesystem::path path = folder.filePath("watched.safetensors").toStdString();
        NamedTensors tensors;
        for (const char* name : {"a", "b", "c"}) tensors.set(name, Tensor{{600'000}, std::vector<float>(600'000, 1.0f)});
        writeSafetensors(path, tensors);
        std::vector<double> shares;
        const auto watch = [&shares](double share) {
            shares.push_back(share);
            return true;
        };
        QCOMPARE(readSafetensors(path, watch).tensors.size(), std::size_t{3});
        QVERIFY(shares.size() > 6);  // each megabyte and each tensor
        QVERIFY(std::ranges::is_sorted(shares));
        QVERIFY(shares.front() > 0);
        QCOMPARE(shares.back(), 1.0);
        for (const double enough : {0.0, 0.7}) {
            const auto impatient = [enough](double share) { return share < enough; };
            try {
                readSafetensors(path, impatient);
                QFAIL("It was read to the end.");
            } catch (const InputError& error) {
                QVERIFY2(QString::fromUtf8(error.what()).contains("watched.safetensors"), error.what());
            }
        }
    }

    void missingFilesAreNamed() {
        try {
            readSafetensors(file("none"));
            QFAIL("read");
        } catch (const InputError& error) {
            QVERIFY(QString(error.what()).endsWith("none: cannot be read: No such file or directory"));
        }
    }
};

QTEST_APPLESS_MAIN(SafetensorsTest)
#include "safetensors_test.moc"
