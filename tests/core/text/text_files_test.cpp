#include "core/text/text_files.h"

#include <zlib.h>

#include <QTemporaryDir>
#include <QtTest>
#include <filesystem>
#include <fstream>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/random.h"
#include "core/text/gzip.h"

using namespace lab;

namespace {

std::string packed(const std::string& text) {
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

QString errorOf(const std::function<void()>& work) {
    try {
        work();
    } catch (const InputError& error) {
        return QString::fromUtf8(error.what());
    }
    return "no error";
}

}  // namespace

class TextFilesTest : public QObject {
    Q_OBJECT

private slots:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(m_folder->isValid());
    }

    void aFileOfAnyNameIsRead() {
        write("song.lyrics", "la la\n");
        const auto texts = read("song.lyrics");
        QCOMPARE(texts.size(), std::size_t(1));
        QCOMPARE(texts[0].name, std::string("song.lyrics"));
        QCOMPARE(texts[0].bytes, std::string("la la\n"));
    }

    void aFolderGivesItsTextsSorted() {
        for (const char* name : {"b.txt", "a.md", "deep/er/c.TXT", "no.csv", ".hidden.txt", ".git/x.txt"}) write(name, name);
        write("deep/empty.txt", "");
        write("z.txt.gz", packed("packed"));
        const auto texts = read(".");
        std::vector<std::string> names;
        for (const RawText& text : texts) names.push_back(text.name);
        QCOMPARE(names, (std::vector<std::string>{"a.md", "b.txt", "deep/er/c.TXT", "z.txt.gz"}));
        QCOMPARE(texts[3].bytes, std::string("packed"));
        QCOMPARE(texts[2].bytes, std::string("deep/er/c.TXT"));
    }

    void aListIsReadInItsOrder() {
        write("one.txt", "1");
        write("two.txt", "2");
        const auto texts = read(" two.txt ;; one.txt;");
        QCOMPARE(texts.size(), std::size_t(2));
        QCOMPARE(texts[0].bytes + texts[1].bytes, std::string("21"));
    }

    void gzipIsKnownByItsBytes() {
        std::string text;
        for (int i = 0; i < 300000; ++i) text += std::to_string(i) + " ";
        write("not-called-so", packed(text));
        QCOMPARE(read("not-called-so")[0].bytes, text);
        write("two-members", packed("first ") + packed("second"));
        QCOMPARE(read("two-members")[0].bytes, std::string("first second"));
    }

    void brokenGzipIsOneSentence() {
        const std::string whole = packed(std::string(5000, 'x') + "end");
        for (std::size_t size = 2; size < whole.size(); ++size)
            QCOMPARE(errorOf([&] { unpackedGzip(std::string_view(whole).substr(0, size), "f.gz", mostTextBytes); }),
                     QString("f.gz: is packed with gzip, and broken or cut off"));
        const RandomStream random(1, "broken gzip");
        for (std::uint64_t i = 0; i < 200; ++i) {
            std::string bad = whole;
            bad[2 + random.below(2 * i, static_cast<std::uint32_t>(bad.size() - 2))] ^= static_cast<char>(1 + random.below(2 * i + 1, 255));
            const QString error = errorOf([&] { unpackedGzip(bad, "f.gz", mostTextBytes); });
            QVERIFY2(error == "no error" || error.startsWith("f.gz: "), qPrintable(error));
        }
        QCOMPARE(errorOf([&] { unpackedGzip(packed(std::string(1 << 21, 'x')), "f.gz", 1 << 20); }),
                 QString("f.gz: unpacks to 2 GB or more, which is more than can be read"));
    }

    void aBombIsLeftOffEarly() {
        const std::string bomb = packed(std::string(std::size_t{10} << 20, 'x'));
        QVERIFY(bomb.size() < 20'000);
        QCOMPARE(errorOf([&] { unpackedGzip(bomb, "f.gz", mostTextBytes); }),
                 QString("f.gz: unpacks to more than 8 MB and more than 200 times its packed size: unpack it first if that is meant"));
        QCOMPARE(unpackedGzip(packed(std::string(1 << 20, 'x')), "f.gz", mostTextBytes).size(), std::size_t(1 << 20));
    }

    void whatIsNoTextIsRefused() {
        write("empty.txt", "");
        QCOMPARE(errorOf([&] { read("empty.txt"); }), QString("empty.txt: is empty"));
        write("picture.txt", std::string(300, '\0') + "PNG");
        QCOMPARE(errorOf([&] { read("picture.txt"); }), QString("picture.txt: is binary, not text: it is full of NUL bytes"));
        write("wide.txt", std::string("\xFF\xFEh\0i\0", 6));
        QCOMPARE(errorOf([&] { read("wide.txt"); }), QString("wide.txt: is UTF-16: save it as UTF-8, which is what is read"));
        QVERIFY(errorOf([&] { read("missing.txt"); }).contains("missing.txt: cannot be read"));
        QCOMPARE(errorOf([&] { read(" ; "); }), QString("no file of text is named"));
        std::filesystem::create_directory(folder() / "bare");
        QVERIFY(
            errorOf([&] { read("bare"); }).endsWith("bare: holds no text: files .txt or .md, which may be packed as .gz, are looked for"));
        requireText(std::string(2000, 'x') + '\0', "one stray NUL is cleaned away later");
    }

    void twoGigabytesAreRefusedUnread() {
        write("huge.txt", "x");
        std::filesystem::resize_file(folder() / "huge.txt", mostTextBytes);  // sparse
        QVERIFY(errorOf([&] { read("huge.txt"); }).endsWith("huge.txt: is 2 GB or more, which is more than can be read"));
        std::filesystem::resize_file(folder() / "huge.txt", mostTextBytes - 1);
        write("more.txt", "xy");
        QCOMPARE(errorOf([&] { read("huge.txt;more.txt"); }),
                 QString("the files of text are 2 GB or more together, which is more than can be read"));
    }

    void theWatchSeesAllAndMayEndIt() {
        write("a.txt", std::string(3 << 20, 'a'));
        write("b.txt.gz", packed(std::string(3 << 20, 'b')));
        double last = 0;
        readTexts(".", folder(), [&](double share) { return share >= last - 1e-9 || share < .5 ? (last = share, true) : true; });
        QVERIFY(last > .99 && last < 1.01);
        const QString error = errorOf([&] { readTexts(".", folder(), [](double) { return false; }); });
        QVERIFY2(error.endsWith("reading was left off"), qPrintable(error));
    }

private:
    std::filesystem::path folder() const { return pathFromUtf8(m_folder->path().toStdString()); }
    std::vector<RawText> read(const std::string& paths) const { return readTexts(paths, folder()); }
    void write(const std::string& name, const std::string& bytes) const {
        const std::filesystem::path path = folder() / name;
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path, std::ios::binary) << bytes;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TextFilesTest)
#include "text_files_test.moc"
