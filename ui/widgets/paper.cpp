#include "ui/widgets/paper.h"

#include <QBuffer>
#include <QPainter>
#include <QPdfWriter>

#include "core/base/files.h"
#include "ui/widgets/figure_file.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

constexpr int paperDotsPerInch = 144;
constexpr double paperPointsPerInch = 72;

void paintPages(QPdfWriter& writer, const PaperPages& pages) {
    QPainter painter(&writer);
    const double scale = paper::points / paperPointsPerInch * paperDotsPerInch;
    painter.scale(scale, scale);
    for (int page = 0; page < pages.count; ++page) {
        if (page > 0) writer.newPage();
        paintPaper(painter, pages, page);
    }
}

}  // namespace

void paintPaper(QPainter& painter, const PaperPages& pages, int page) {
    pages.paint(painter, page);
    const Theme& theme = Theme::instance();
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    const QRectF foot(0, paper::high - paper::foot, paper::wide, paper::foot);
    painter.drawText(foot, Qt::AlignLeft | Qt::AlignBottom, pages.title);
    painter.drawText(foot, Qt::AlignRight | Qt::AlignBottom, QObject::tr("page %1 of %2").arg(page + 1).arg(pages.count));
}

void writePaper(const QString& path, const std::function<PaperPages()>& make) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    {
        const PrintTheme theme;
        const PaperPages pages = make();
        QPdfWriter writer(&buffer);
        writer.setResolution(paperDotsPerInch);
        writer.setPageSize(QPageSize(QPageSize::A4));
        const double margin = paper::margin * paper::points;
        writer.setPageMargins(QMarginsF(margin, margin, margin, margin), QPageLayout::Point);
        writer.setTitle(pages.title);
        paintPages(writer, pages);
    }
    writeBytes(pathFromUtf8(path.toStdString()), bytes);
}

}  // namespace lab
