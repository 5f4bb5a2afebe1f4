#include "ui/widgets/walk_handout.h"

#include <QPdfWriter>
#include <QSaveFile>

#include "core/base/errors.h"
#include "ui/text/message_text.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

constexpr int dotsPerInch = 144;
constexpr double pointsPerInch = 72.0;

void writePdf(QSaveFile& file, const explain::Walk& walk, const explain::WalkTitle& title, const Handout& handout) {
    const PrintTheme paper;
    QPdfWriter writer(&file);
    writer.setResolution(dotsPerInch);
    writer.setPageSize(QPageSize(QPageSize::A4));
    writer.setPageOrientation(QPageLayout::Landscape);
    const double margin = HandoutPages::margin() * HandoutPages::points();
    writer.setPageMargins(QMarginsF(margin, margin, margin, margin), QPageLayout::Point);
    writer.setTitle(QString::fromStdString(title.model));
    const HandoutPages pages(walk, title, handout);
    QPainter painter(&writer);
    const double scale = HandoutPages::points() / pointsPerInch * dotsPerInch;
    painter.scale(scale, scale);
    for (int page = 0; page < pages.count(); ++page) {
        if (page > 0) writer.newPage();
        pages.paint(painter, page);
    }
}

}  // namespace

void writeHandout(const QString& path, const explain::Walk& walk, const explain::WalkTitle& title, const Handout& handout) {
    QSaveFile file(path);
    const auto fail = [&] { throw InputError(path.toStdString(), LAB_TEXT("files", "cannot be written")); };
    if (!file.open(QIODevice::WriteOnly)) fail();
    if (path.endsWith(QLatin1String(".pdf"), Qt::CaseInsensitive)) {
        writePdf(file, walk, title, handout);
    } else {
        const std::string text = explain::markdown(walk, title, translated);
        if (file.write(text.data(), static_cast<qint64>(text.size())) != static_cast<qint64>(text.size())) {
            file.cancelWriting();
            fail();
        }
    }
    if (!file.commit()) fail();
}

}  // namespace lab
