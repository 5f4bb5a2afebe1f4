#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>
#include <QtEndian>

#include <optional>

#ifdef __linux__
#include <sys/resource.h>
#endif

#include "tests/app/files.h"
#include "tests/app/program.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define LAB_SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define LAB_SANITIZED
#endif
#endif

namespace {

constexpr int largeWidth = 768, largeLayers = 4;

/// The header of a safetensors file; its tensors follow each other.
class TensorHeader {
public:
    void add(const QString& name, const std::vector<int>& shape) {
        qint64 bytes = sizeof(float);
        QJsonArray extents;
        for (const int extent : shape) {
            bytes *= extent;
            extents.append(extent);
        }
        m_json[name] = QJsonObject{{"dtype", "F32"}, {"shape", extents}, {"data_offsets", QJsonArray{m_size, m_size + bytes}}};
        m_size += bytes;
        m_largest = std::max(m_largest, bytes);
    }
    qint64 size() const { return m_size; }
    qint64 largest() const { return m_largest; }
    QByteArray text() const {
        const QByteArray json = QJsonDocument(m_json).toJson(QJsonDocument::Compact);
        QByteArray length(8, '\0');
        qToLittleEndian<quint64>(static_cast<quint64>(json.size()), length.data());
        return length + json;
    }

private:
    QJsonObject m_json;
    qint64 m_size = 0, m_largest = 0;
};

TensorHeader gpt2Tensors(int symbols, int positions) {
    TensorHeader header;
    header.add("wte.weight", {symbols, largeWidth});
    header.add("wpe.weight", {positions, largeWidth});
    const auto norm = [&header](const QString& name) {
        for (const char* part : {".weight", ".bias"}) header.add(name + part, {largeWidth});
    };
    const auto map = [&header](const QString& name, int in, int out) {
        header.add(name + ".weight", {in, out});
        header.add(name + ".bias", {out});
    };
    for (int layer = 0; layer < largeLayers; ++layer) {
        const QString block = QStringLiteral("h.%1.").arg(layer);
        norm(block + "ln_1");
        map(block + "attn.c_attn", largeWidth, 3 * largeWidth);
        map(block + "attn.c_proj", largeWidth, largeWidth);
        norm(block + "ln_2");
        map(block + "mlp.c_fc", largeWidth, 4 * largeWidth);
        map(block + "mlp.c_proj", 4 * largeWidth, largeWidth);
    }
    norm("ln_f");
    return header;
}

/// The most that a process that was run here had in memory, in bytes; nothing where the system does not say, or a sanitizer takes memory
/// itself.
std::optional<qint64> peakOfPrograms() {
#if defined(__linux__) && !defined(LAB_SANITIZED)
    rusage usage{};
    if (getrusage(RUSAGE_CHILDREN, &usage) == 0) return qint64{usage.ru_maxrss} << 10;
#endif
    return std::nullopt;
}

}  // namespace

class PretrainedMemoryTest : public QObject {
    Q_OBJECT

private slots:
    /// A model of some 110 MB, all zeros, which take no room on the disk.
    void openingTakesTheWeightsOnceAndTheLargestTensor() {
        if (!peakOfPrograms()) QSKIP("nothing says here what the program alone takes");
        const QString from = QStringLiteral(LAB_SOURCE_DIR "/tests/reference/pretrained/gpt2/");
        const QTemporaryDir folder;
        QJsonObject config = QJsonDocument::fromJson(contents(from + "config.json")).object();
        const TensorHeader header = gpt2Tensors(config["vocab_size"].toInt(), config["n_positions"].toInt());
        config["n_embd"] = largeWidth;
        config["n_layer"] = largeLayers;
        config["n_inner"] = QJsonValue();
        write(folder.filePath("config.json"), QJsonDocument(config).toJson());
        QVERIFY(QFile::copy(from + "tokenizer.json", folder.filePath("tokenizer.json")));
        write(folder.filePath("model.safetensors"), header.text());
        QVERIFY(QFile::resize(folder.filePath("model.safetensors"), header.text().size() + header.size()));
        const ProgramResult result = runProgram({"trace", folder.path(), "--input", "Mira lost", "--out", "t.safetensors"}, folder.path());
        EXPECT_STATUS(result, 0);
        constexpr qint64 program = 100 << 20;
        const qint64 peak = *peakOfPrograms();
        QVERIFY2(peak > header.size(), qPrintable(QString::number(peak)));  // else it is not this process that was measured
        QVERIFY2(peak <= header.size() + header.largest() + program,
                 qPrintable(QString("%1 MB for %2 MB of weights").arg(peak >> 20).arg(header.size() >> 20)));
    }
};

QTEST_GUILESS_MAIN(PretrainedMemoryTest)
#include "pretrained_memory_test.moc"
