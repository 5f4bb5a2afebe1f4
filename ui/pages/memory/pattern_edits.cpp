#include "ui/pages/memory/pattern_edits.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QImageReader>
#include <algorithm>

#include "core/base/errors.h"
#include "core/memory/pattern_files.h"

namespace lab {
namespace {

constexpr int largestImage = 8192;  // px a side
constexpr QSize readAs(512, 512);   // px; larger ones are made smaller while they are read

struct PatternEditsText {
    Q_DECLARE_TR_FUNCTIONS(PatternEdits)
};

const QStringList& textSuffixes() {
    static const QStringList suffixes{QStringLiteral("pbm"), QStringLiteral("txt")};
    return suffixes;
}
const QStringList& imageSuffixes() {
    static const QStringList suffixes{QStringLiteral("png"), QStringLiteral("jpg"), QStringLiteral("jpeg"), QStringLiteral("bmp"),
                                      QStringLiteral("gif")};
    return suffixes;
}

QString suffixOf(const QString& path) {
    return QFileInfo(path).suffix().toLower();
}

QSize fitted(const QSize& size) {
    return size.scaled(readAs, Qt::KeepAspectRatio).expandedTo(QSize(1, 1));
}

/// What is transparent is paper.
Pattern imagePattern(const QString& path, const Pattern& like) {
    const std::string place = path.toStdString();
    QImageReader reader(path);
    reader.setAutoTransform(true);
    const QSize size = reader.size();
    if (size.width() > largestImage || size.height() > largestImage)
        throw InputError(place, LAB_TEXT("memory", "the picture is larger than 8192 pixels a side"));
    if (size.width() > readAs.width() || size.height() > readAs.height()) reader.setScaledSize(fitted(size));
    QImage image = reader.read();
    if (image.isNull()) throw InputError(place, LAB_TEXT("memory", "this is no picture that can be read"));
    if (image.width() > readAs.width() || image.height() > readAs.height())  // its size was not known before
        image = image.scaled(fitted(image.size()), Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
    image.convertTo(QImage::Format_ARGB32);
    std::vector<std::uint8_t> values(static_cast<std::size_t>(image.width()) * static_cast<std::size_t>(image.height()));
    auto value = values.begin();
    for (int y = 0; y < image.height(); ++y) {
        const auto* line = reinterpret_cast<const QRgb*>(image.constScanLine(y));
        for (int x = 0; x < image.width(); ++x)
            *value++ = static_cast<std::uint8_t>((qGray(line[x]) * qAlpha(line[x]) + 255 * (255 - qAlpha(line[x]))) / 255);
    }
    Pattern pattern = thresholded(values, image.height(), image.width(), like.rows, like.columns);
    pattern.name = QFileInfo(path).completeBaseName().toStdString();
    return pattern;
}

}  // namespace

std::string freeName(const std::vector<Pattern>& patterns, const std::string& wished) {
    std::string name = wished;
    for (int number = 2; std::ranges::find(patterns, name, &Pattern::name) != patterns.end(); ++number)
        name = wished + " " + std::to_string(number);
    return name;
}

MemoryValue withAdded(MemoryValue value, std::vector<Pattern> added) {
    const bool byNoise = value.patterns.empty() || value.asksByNoise();
    const int first = static_cast<int>(value.patterns.size());
    for (Pattern& pattern : added) {
        if (static_cast<int>(value.patterns.size()) >= mostPatterns) break;
        pattern.name = freeName(value.patterns, pattern.name);
        value.patterns.push_back(std::move(pattern));
    }
    if (static_cast<int>(value.patterns.size()) > first) value.chosen = first;
    if (byNoise) value.askAgain();
    return value;
}

MemoryValue withChosen(MemoryValue value, Pattern pattern) {
    if (!value.chosenPattern()) return value;
    const bool byNoise = value.asksByNoise();
    value.patterns[static_cast<std::size_t>(value.chosen)] = std::move(pattern);
    if (byNoise) value.askAgain();
    return value;
}

MemoryValue withoutChosen(MemoryValue value) {
    if (!value.chosenPattern()) return value;
    const bool byNoise = value.asksByNoise();
    value.patterns.erase(value.patterns.begin() + value.chosen);
    value.chosen = std::min(value.chosen, static_cast<int>(value.patterns.size()) - 1);
    if (byNoise) value.askAgain();
    return value;
}

MemoryValue withAsked(MemoryValue value, int chosen) {
    value.chosen = chosen;
    value.askAgain();
    return value;
}

std::vector<Pattern> openedPatterns(const QString& path, const Pattern& like, bool anySize) {
    std::vector<Pattern> patterns;
    if (imageSuffixes().contains(suffixOf(path)))
        patterns.push_back(imagePattern(path, like));
    else
        patterns = readPatterns(path.toStdU16String());
    const Pattern& first = patterns.front();
    if (!anySize && (first.rows != like.rows || first.columns != like.columns))
        throw InputError(path.toStdString(), Message(LAB_TEXT("memory", "pictures of %1 x %2 pixels; those of this memory have %3 x %4"))
                                                 .arg(first.rows)
                                                 .arg(first.columns)
                                                 .arg(like.rows)
                                                 .arg(like.columns));
    return patterns;
}

bool isPatternFile(const QString& path) {
    return textSuffixes().contains(suffixOf(path)) || imageSuffixes().contains(suffixOf(path));
}

QString patternFilters() {
    QStringList globs;
    for (const QString& suffix : textSuffixes() + imageSuffixes()) globs << QStringLiteral("*.") + suffix;
    return QStringLiteral("%1 (%2);;%3 (*)")
        .arg(PatternEditsText::tr("Pictures"), globs.join(QLatin1Char(' ')), PatternEditsText::tr("All files"));
}

}  // namespace lab
