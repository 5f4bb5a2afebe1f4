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
constexpr double metresAnInch = 0.0254;
/// PDF coordinates are that much finer than a logical px.
constexpr int pdfFineness = 8;
/// More pixels than this are a mistake: half a gigabyte.
constexpr double mostPixels = 128e6;

void prepare(QPainter& painter) {
    painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
}

void writeSvg(QIODevice& device, const Figure& figure, const FigureSheet& sheet) {
    QSvgGenerator generator;
    generator.setOutputDevice(&device);
    generator.setResolution(screenResolution);
    const QSizeF size = figure.size(sheet);
    generator.setSize({static_cast<int>(std::ceil(size.width())), static_cast<int>(std::ceil(size.height()))});
    generator.setViewBox(QRectF(QPointF(), size));
    generator.setTitle(figure.title.toHtmlEscaped());
    generator.setDescription(figure.caption.toHtmlEscaped());
    QPainter painter(&generator);
    prepare(painter);
    figure.paint(painter, sheet);
}

void writePdf(QIODevice& device, const Figure& figure, const FigureSheet& sheet) {
    QPdfWriter writer(&device);
    const double points = 72.0 / screenResolution * sheet.unit();
    writer.setResolution(screenResolution * pdfFineness);
    writer.setPageSize(QPageSize(figure.size(sheet) * points, QPageSize::Point, QString(), QPageSize::ExactMatch));
    writer.setPageMargins(QMarginsF());
    writer.setTitle(figure.title);
    writer.setCreator(QStringLiteral("Attention Lab"));
    QPainter painter(&writer);
    prepare(painter);
    painter.scale(pdfFineness * sheet.unit(), pdfFineness * sheet.unit());
    figure.paint(painter, sheet);
}

/// Qt says the size in rounded millimetres, which viewers turn into a pixel too many, and makes a column wider than it is.
QByteArray exactlySized(QByteArray svg, const QSizeF& size, const FigureSheet& sheet) {
    const qsizetype begin = svg.indexOf("<svg width="), end = svg.indexOf("viewBox", begin);
    if (begin < 0 || end < 0) return svg;
    const QString tag =
        sheet.printed() ? QStringLiteral("<svg width=\"%1mm\" height=\"%2mm\"\n ")
                              .arg(sheet.millimetres())
                              .arg(size.height() * sheet.millimetres() / size.width())
                        : QStringLiteral("<svg width=\"%1\" height=\"%2\"\n ").arg(std::ceil(size.width())).arg(std::ceil(size.height()));
    return svg.replace(begin, end - begin, tag.toUtf8());
}

QByteArray vectorBytes(const Figure& figure, FigureFormat format, const FigureSheet& sheet) {
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    if (format == FigureFormat::svg)
        writeSvg(buffer, figure, sheet);
    else
        writePdf(buffer, figure, sheet);
    return format == FigureFormat::svg ? exactlySized(buffer.data(), figure.size(sheet), sheet) : buffer.data();
}

/// While the picture is measured and painted.
PrintTheme themeOf(const FigureStyle& style) {
    return PrintTheme(style.dark, style.sheet.printed() ? printTextPixels : 0);
}

}  // namespace

QString suffixOf(FigureFormat format) {
    return QString::fromLatin1(figureFormats[static_cast<int>(format)].id);
}

std::optional<FigureFormat> figureFormatOf(const QString& fileName) {
    for (int i = 0; i < static_cast<int>(std::size(figureFormats)); ++i)
        if (const auto format = static_cast<FigureFormat>(i); fileName.endsWith(QLatin1Char('.') + suffixOf(format), Qt::CaseInsensitive))
            return format;
    return std::nullopt;
}

QImage figureImage(const Figure& figure, const FigureStyle& style) {
    const PrintTheme theme = themeOf(style);
    const double dots = style.dots * style.sheet.unit();
    const QSizeF pixels = figure.size(style.sheet) * dots;
    if (pixels.width() * pixels.height() > mostPixels) return {};
    QImage image(QSize(static_cast<int>(std::ceil(pixels.width())), static_cast<int>(std::ceil(pixels.height()))), QImage::Format_RGB32);
    if (image.isNull()) return {};
    image.setDevicePixelRatio(dots);
    if (style.sheet.printed()) {
        const int perMetre = qRound(style.dots * screenResolution / metresAnInch);
        image.setDotsPerMeterX(perMetre);
        image.setDotsPerMeterY(perMetre);
    }
    image.fill(Theme::instance().color(Role::screen));
    QPainter painter(&image);
    prepare(painter);
    figure.paint(painter, style.sheet);
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
    const PrintTheme theme = themeOf(style);
    return vectorBytes(figure, format, style.sheet);
}

void writeBytes(const std::filesystem::path& path, const QByteArray& bytes) {
    replaceFile(path, {std::string_view(bytes.constData(), static_cast<std::size_t>(bytes.size()))});
}

void writeFigure(const std::filesystem::path& path, const Figure& figure, FigureFormat format, const FigureStyle& style) {
    writeBytes(path, figureBytes(figure, format, style));
}

}  // namespace lab
