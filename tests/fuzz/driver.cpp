// All harnesses in one program, for compilers without libFuzzer: the originals of the corpus and inputs spoilt by a seed.

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <iostream>
#include <optional>
#include <vector>

#include "core/base/files.h"
#include "core/base/number_text.h"
#include "tests/fuzz/frame.h"
#include "tests/fuzz/harness_rows.h"
#include "tests/spoiled_bytes.h"

namespace lab::fuzz {
namespace {

constexpr const char* usage =
    "parsers CORPUS [--harness NAME] [--inputs N | --seconds S] [--seed N]   the originals in CORPUS/NAME, then N inputs each spoilt of "
    "them\n"
    "parsers --harness NAME FILE...                                          these inputs alone\n";

struct Wanted {
    std::filesystem::path corpus;
    std::vector<std::filesystem::path> files;
    std::string harness;
    std::int64_t inputs = 0, seed = 1;
    double seconds = 0;
};

// What is read just now, for whoever ends the program.
const char* harnessNow = "";
std::string inputNow;

void keepInput(int signal) {
    char name[128];
    const int length = std::snprintf(name, sizeof name, "crash-%s-%d", harnessNow, static_cast<int>(getpid()));
    if (std::FILE* file = length > 0 ? std::fopen(name, "wb") : nullptr) {
        std::fwrite(inputNow.data(), 1, inputNow.size(), file);
        std::fclose(file);
        std::fprintf(stderr, "%s ended the program; the input is kept in %s\n", harnessNow, name);
    }
    ::signal(signal, SIG_DFL);
    raise(signal);
}

void run(const HarnessRow& row, std::string input) {
    harnessNow = row.name;
    inputNow = std::move(input);
    row.read(inputNow);
}

/// Another one of these.
std::string spoilt(const HarnessRow& row, const std::vector<std::string>& originals, testing::SpoiledBytes& spoiled) {
    std::string bytes = originals[spoiled.below(originals.size())];
    const bool framed = std::strcmp(row.form, "framed") == 0;
    const auto frame = framed && spoiled.below(4) > 0 ? frameOf(bytes) : std::nullopt;
    std::string part = frame ? std::string(frame->header) : bytes;
    for (std::size_t mistakes = 1 + spoiled.below(3); mistakes > 0; --mistakes) {
        const std::size_t kind = spoiled.below(6);
        if (kind == 0)
            spoiled.repeat(part);
        else if (kind == 1 && !frame)
            spoiled.join(part, originals[spoiled.below(originals.size())]);
        else
            spoiled.spoil(part, std::strcmp(row.form, "json") == 0 || frame);
    }
    if (frame) part = lab::fuzz::framed(part, frame->data);
    part.resize(std::min(part.size(), row.mostBytes));
    return part;
}

std::vector<std::string> originalsOf(const HarnessRow& row, const std::filesystem::path& corpus) {
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator(corpus / row.name)) paths.push_back(entry.path());
    std::ranges::sort(paths);
    std::vector<std::string> originals;
    for (const std::filesystem::path& path : paths) originals.push_back(readFile(path));
    return originals;
}

std::int64_t readAll(const HarnessRow& row, const Wanted& wanted) {
    using Clock = std::chrono::steady_clock;
    const auto end = Clock::now() + std::chrono::duration<double>(wanted.seconds);
    const std::vector<std::string> originals = originalsOf(row, wanted.corpus);
    for (const std::string& original : originals) run(row, original);
    testing::SpoiledBytes spoiled(static_cast<std::uint32_t>(wanted.seed));
    std::int64_t read = 0;
    for (; wanted.seconds > 0 ? Clock::now() < end : read < wanted.inputs; ++read) run(row, spoilt(row, originals, spoiled));
    return read + std::ssize(originals);
}

std::optional<Wanted> wantedOf(const std::vector<std::string>& words) {
    Wanted wanted;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (!words[i].starts_with("--")) {
            wanted.files.emplace_back(words[i]);
            continue;
        }
        if (i + 1 == words.size()) return std::nullopt;
        const std::string& option = words[i++];
        const double number = parseReal(words[i]).value_or(-1);
        if (option == "--harness")
            wanted.harness = words[i];
        else if (option == "--inputs" && number >= 0)
            wanted.inputs = static_cast<std::int64_t>(number);
        else if (option == "--seed" && number >= 0)
            wanted.seed = static_cast<std::int64_t>(number);
        else if (option == "--seconds" && number > 0)
            wanted.seconds = number;
        else
            return std::nullopt;
    }
    if (wanted.files.empty()) return std::nullopt;
    if (std::filesystem::is_directory(wanted.files.front())) {
        wanted.corpus = wanted.files.front();
        wanted.files.clear();
    } else if (wanted.harness.empty()) {
        return std::nullopt;
    }
    return wanted;
}

int readWanted(const Wanted& wanted) {
    bool any = false;
    for (const HarnessRow& row : harnessRows) {
        if (!wanted.harness.empty() && wanted.harness != row.name) continue;
        any = true;
        for (const std::filesystem::path& file : wanted.files) run(row, readFile(file));
        if (wanted.corpus.empty()) continue;
        const auto begin = std::chrono::steady_clock::now();
        const std::int64_t inputs = readAll(row, wanted);
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
        std::printf("%-14s %9lld inputs %8.2f s\n", row.name, static_cast<long long>(inputs), took.count());
        std::fflush(stdout);
    }
    if (!any) std::cerr << "there is no harness " << wanted.harness << "\n";
    return any ? 0 : 2;
}

}  // namespace
}  // namespace lab::fuzz

int main(int count, char** words) {
    const auto wanted = lab::fuzz::wantedOf({words + 1, words + count});
    if (!wanted) {
        std::cerr << lab::fuzz::usage;
        return 2;
    }
    for (const int each : {SIGABRT, SIGSEGV, SIGFPE, SIGBUS, SIGILL}) signal(each, lab::fuzz::keepInput);
    return lab::fuzz::readWanted(*wanted);
}
