#include "core/base/files.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <QtTest>
#include <csignal>
#include <thread>

#include "core/base/errors.h"
#include "core/base/number_text.h"
#include "core/base/platform_files.h"
#include "core/base/utf8.h"

using namespace lab;

class FilesTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    std::filesystem::path folder() const { return m_folder.path().toStdString(); }

    std::size_t fileCount() const {
        const std::filesystem::directory_iterator files(folder());
        return static_cast<std::size_t>(std::distance(begin(files), end(files)));
    }

    static QString refusal(const std::filesystem::path& path, const std::vector<std::string_view>& pieces) {
        try {
            replaceFile(path, pieces);
            return {};
        } catch (const InputError& error) {
            return QString::fromUtf8(error.what());
        }
    }

private slots:
    void cleanup() {
        for (const auto& entry : std::filesystem::directory_iterator(folder())) std::filesystem::remove_all(entry.path());
    }

    void writesAllPieces() {
        replaceFile(folder() / "a", {"one ", "", "two"});
        QCOMPARE(readFile(folder() / "a"), std::string("one two"));
        replaceFile(folder() / "a", {"3"});
        QCOMPARE(readFile(folder() / "a"), std::string("3"));
        QCOMPARE(fileCount(), std::size_t{1});
    }

    void whatHasNoEndIsNotRead() {
        ::mkfifo((folder() / "pipe").c_str(), 0600);
        std::filesystem::create_symlink("itself", folder() / "itself");
        std::filesystem::create_symlink("missing", folder() / "nowhere");
        const auto said = [](const std::filesystem::path& path) -> QString {
            try {
                (void)readFile(path);
                return {};
            } catch (const InputError& error) {
                return QString::fromUtf8(error.what());
            }
        };
        QVERIFY(said("/dev/zero").endsWith("it is a device, which has no end"));
        QVERIFY(said(folder() / "pipe").endsWith("it is a pipe that nobody writes to"));
        QVERIFY(said(folder() / "itself").endsWith("it is a link that leads back to itself"));
        QVERIFY(said(folder() / "nowhere").endsWith("it is a link to a file that does not exist"));
        QVERIFY(said(folder()).endsWith("it is a folder"));
    }

    void aPipeIsReadToItsEnd() {
        const std::filesystem::path pipe = folder() / "pipe";
        ::mkfifo(pipe.c_str(), 0600);
        const std::string text(300'000, 'x');
        std::thread writer([&] { replaceFile(pipe, {text, "end"}); });
        const std::string read = readFile(pipe);
        writer.join();
        QCOMPARE(read, text + "end");
    }

    /// What a killed process left is removed by the next who saves; what a living one writes stays.
    void removesWhatTheDeadLeft() {
        const pid_t dead = ::fork();
        if (dead == 0) ::_exit(0);
        ::waitpid(dead, nullptr, 0);
        const auto temporary = [this](pid_t process) { return folder() / ("a.attention-lab-" + std::to_string(process) + ".tmp"); };
        for (const auto& path : {temporary(dead), temporary(1), folder() / ("a." + std::to_string(dead) + ".tmp"), folder() / "a.b.tmp",
                                 folder() / "ab.1.tmp"})
            replaceFile(path, {"part"});
        replaceFile(folder() / "a", {"whole"});
        QVERIFY(!std::filesystem::exists(temporary(dead)));
        QVERIFY(std::filesystem::exists(temporary(1)));
        QCOMPARE(fileCount(), std::size_t{5});  // a person's own "a.1234.tmp", too
    }

    void keepsModeAndLink() {
        replaceFile(folder() / "real", {"old"});
        ::chmod((folder() / "real").c_str(), 0600);
        std::filesystem::create_symlink("real", folder() / "link");
        replaceFile(folder() / "link", {"new"});
        QVERIFY(std::filesystem::is_symlink(folder() / "link"));
        QCOMPARE(readFile(folder() / "real"), std::string("new"));
        struct stat status {};
        ::stat((folder() / "real").c_str(), &status);
        QCOMPARE(static_cast<int>(status.st_mode & 0777), 0600);
    }

    void aFailedWriteKeepsTheOldFile() {
        replaceFile(folder() / "a", {"good"});
        // A limit on file sizes stands in for a full disk: the write comes back short, then fails.
        std::signal(SIGXFSZ, SIG_IGN);
        rlimit old{};
        getrlimit(RLIMIT_FSIZE, &old);
        rlimit small = old;
        small.rlim_cur = 1 << 20;
        setrlimit(RLIMIT_FSIZE, &small);
        const std::string large(3 << 20, 'x');
        const QString sentence = refusal(folder() / "a", {large});
        setrlimit(RLIMIT_FSIZE, &old);
        QVERIFY2(sentence.endsWith("a: cannot be written: File too large"), qPrintable(sentence));
        QCOMPARE(readFile(folder() / "a"), std::string("good"));
        QCOMPARE(fileCount(), std::size_t{1});
    }

    void aFullDeviceIsReported() {
        if (!std::filesystem::exists("/dev/full")) QSKIP("no /dev/full here");
        QCOMPARE(refusal("/dev/full", {"x"}), QString("/dev/full: cannot be written: No space left on device"));
        QCOMPARE(refusal("/dev/null", {"x"}), QString());
        QVERIFY(std::filesystem::is_character_file("/dev/null"));
    }

    void impossiblePlacesAreNamed() {
        QVERIFY(refusal(folder(), {"x"}).endsWith(": cannot be written: it is a folder"));
        QVERIFY(refusal(folder() / "none" / "a", {"x"}).endsWith("a: cannot be written: No such file or directory"));
        QVERIFY(refusal("", {"x"}).endsWith(": cannot be written: it names no file"));
        QVERIFY_THROWS_EXCEPTION(InputError, readFile(folder()));
    }

    void numbersAreShortAndExact() {
        QCOMPARE(numberText(0.0005), std::string("0.0005"));
        QCOMPARE(numberText(1e-5), std::string("1e-5"));
        QCOMPARE(numberText(1e-8), std::string("1e-8"));
        QCOMPARE(numberText(16.0), std::string("16"));
        QCOMPARE(numberText(1e9), std::string("1000000000"));
        QCOMPARE(numberText(1e20), std::string("1e20"));
        QCOMPARE(numberText(-2.5e-10), std::string("-2.5e-10"));
        QCOMPARE(numberText(0.1f), std::string("0.1"));
        for (const double x : {0.1, 1.0 / 3, 1e-300, 123456.789, 5e-324, 1.7976931348623157e308})
            QCOMPARE(parseReal(numberText(x)).value(), x);
        QVERIFY(!parseReal("inf") && !parseReal("nan") && !parseReal("1,5") && !parseReal("") && !parseReal("1 2") && !parseReal("1e999"));
        QCOMPARE(parseInteger(" -12 ").value(), std::int64_t{-12});
        QCOMPARE(parseInteger("+5").value(), std::int64_t{5});
        QVERIFY(!parseInteger("1.0") && !parseInteger("99999999999999999999") && !parseInteger("0x10"));
    }

    void utf8IsChecked() {
        QVERIFY(isUtf8("plain \xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"));
        for (const char* bad :
             {"\x80", "\xc0\xaf", "\xc3", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xe2\x82"}) {
            QVERIFY(!isUtf8(bad));
        }
    }
};

QTEST_APPLESS_MAIN(FilesTest)
#include "files_test.moc"
