#include "ui/widgets/figure_file.h"

#include <QBuffer>
#include <QPageSize>
#include <QPainter>
#include <QPdfWriter>
#include <QSvgGenerator>
#include <cmath>

#include "core/base/errors.h"
#include "core/base/platform_files.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

constexpr int screenResolution = 96;  ///< logical px an inch, as CSS has it
/// PDF coordinates are that much finer than a logical px.
constexpr int pdfFineness = 8;
/// More pixels than this are a mistake: half a gigabyte.
constexpr double mostPixels = 128e6;

void prepare(QPainter& painter) {
    painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
}

void writeSvg(QIODevice& device, const Figure& figure) {
    QSvgGenerator generator;
    generator.setOutputDevice(&device);
    generator.setResolution(screenResolution);
    const QSize size(static_cast<int>(std::ceil(figure.size().width())), static_cast<int>(std::ceil(figure.size().height())));
    generator.setSize(size);
    generator.setViewBox(QRect(QPoint(), size));
    generator.setTitle(figure.title.toHtmlEscaped());
    generator.setDescription(figure.caption.toHtmlEscaped());
    QPainter painter(&generator);
    prepare(painter);
    figure.paint(painter);
}

void writePdf(QIODevice& device, const Figure& figure) {
    QPdfWriter writer(&device);
    const double points = 72.0 / screenResolution;
    writer.setResolution(screenResolution * pdfFineness);
    writer.setPageSize(QPageSize(figure.size() * points, QPageSize::Point, QString(), QPageSize::ExactMatch));
    writer.setPageMargins(QMarginsF());
    writer.setTitle(figure.title);
    writer.setCreator(QStringLiteral("Attention Lab"));
    QPainter painter(&writer);
    prepare(painter);
    painter.scale(pdfFineness, pdfFineness);
    figure.paint(painter);
}

/// Qt says the size in rounded millimetres, which viewers turn into a pixel too many.
QByteArray sizedInPixels(QByteArray svg, const QSizeF& size) {
    const qsizetype begin = svg.indexOf("<svg width="), end = svg.indexOf("viewBox", begin);
    if (begin < 0 || end < 0) return svg;
    const QString tag = QStringLiteral("<svg width=\"%1\" height=\"%2\"\n ").arg(std::ceil(size.width())).arg(std::ceil(size.height()));
    return svg.replace(begin, end - begin, tag.toUtf8());
}

QByteArray vectorBytes(const Figure& figure, FigureFormat format) {
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    if (format == FigureFormat::svg)
        writeSvg(buffer, figure);
    else
        writePdf(buffer, figure);
    return format == FigureFormat::svg ? sizedInPixels(buffer.data(), figure.size()) : buffer.data();
}

}  // namespace

QString suffixOf(FigureFormat format) {
    switch (format) {
        case FigureFormat::svg:
            return QStringLiteral("svg");
        case FigureFormat::pdf:
            return QStringLiteral("pdf");
        case FigureFormat::png:
            return QStringLiteral("png");
        case FigureFormat::csv:
            break;
    }
    return QStringLiteral("csv");
}

std::optional<FigureFormat> figureFormatOf(const QString& fileName) {
    for (FigureFormat format : {FigureFormat::svg, FigureFormat::pdf, FigureFormat::png, FigureFormat::csv})
        if (fileName.endsWith(QLatin1Char('.') + suffixOf(format), Qt::CaseInsensitive)) return format;
    return std::nullopt;
}

QImage figureImage(const Figure& figure, const FigureStyle& style) {
    const PrintTheme theme(style.dark);
    const QSizeF pixels = figure.size() * style.dots;
    if (pixels.width() * pixels.height() > mostPixels) return {};
    QImage image(QSize(static_cast<int>(std::ceil(pixels.width())), static_cast<int>(std::ceil(pixels.height()))), QImage::Format_RGB32);
    if (image.isNull()) return {};
    image.setDevicePixelRatio(style.dots);
    image.fill(Theme::instance().color(Role::screen));
    QPainter painter(&image);
    prepare(painter);
    figure.paint(painter);
    return image;
}

QByteArray pngBytes(const QImage& image) {
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    if (!image.save(&buffer, "PNG")) throw InputError(LAB_TEXT("figures", "the picture could not be made into a PNG file"));
    return buffer.data();
}

QByteArray figureBytes(const Figure& figure, FigureFormat format, const FigureStyle& style) {
    if (format == FigureFormat::csv) return QByteArray::fromStdString(csvText(figure.table()));
    if (format == FigureFormat::png) {
        const QImage image = figureImage(figure, style);
        if (image.isNull()) throw InputError(LAB_TEXT("figures", "the picture would be too large; choose a smaller scale"));
        return pngBytes(image);
    }
    const PrintTheme theme(style.dark);
    return vectorBytes(figure, format);
}

void writeBytes(const std::filesystem::path& path, const QByteArray& bytes) {
    replaceFile(path, {std::string_view(bytes.constData(), static_cast<std::size_t>(bytes.size()))});
}

void writeFigure(const std::filesystem::path& path, const Figure& figure, FigureFormat format, const FigureStyle& style) {
    writeBytes(path, figureBytes(figure, format, style));
}

}  // namespace lab
