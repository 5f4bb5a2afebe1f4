#include "ui/widgets/walk_handout.h"

#include <QPainter>
#include <QPdfWriter>
#include <QSaveFile>
#include <algorithm>

#include "core/base/errors.h"
#include "ui/text/message_text.h"
#include "ui/widgets/desk_scene.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

constexpr int dotsPerInch = 144;
constexpr double pageWidth = 1120.0;  // logical px across the page
constexpr double linesScale = 0.75;   ///< to what the desk may shrink so that all columns stand in lines
constexpr double leastScale = 0.6;    // below it cells are no longer readable on paper

QString qt(const std::string& text) {
    return QString::fromStdString(text);
}

double paragraph(QPainter& painter, double y, const QString& text, TextSize size, Role role, bool bold) {
    const Theme& theme = Theme::instance();
    painter.setFont(theme.font(size, bold));
    painter.setPen(theme.color(role));
    const QStringList lines = wrappedFormula(painter.font(), text, pageWidth);
    const int high = formulaLinesHeight(painter.font(), lines);
    drawFormulaLines(painter, QRectF(0, y, pageWidth, high), lines);
    return y + high + theme.px(4);
}

double formulaLine(QPainter& painter, double y, const QString& formula, TextSize size, Role role, bool bold) {
    const Theme& theme = Theme::instance();
    painter.setFont(theme.font(size, bold));
    painter.setPen(theme.color(role));
    drawFormula(painter, QRectF(0, y, pageWidth, theme.px(26)), Qt::AlignLeft, formula);
    return y + theme.px(28);
}

/// As many terms as the page is wide.
QString liveLine(const explain::Expression& expression) {
    constexpr std::size_t mostTerms = 4;
    constexpr int digits = 4;
    QString line;
    for (std::size_t terms = mostTerms; terms > 0; --terms) {
        const explain::ExpressionText live = explain::expressionText(expression, terms, digits);
        line = shown(live.left) + QStringLiteral(" = ") + qt(live.result);
        if (formulaWidth(Theme::instance().font(TextSize::token), line) <= pageWidth) break;
    }
    return line;
}

/// The columns in sight, those that weigh most among them, and as many rows as are readable; what is left out is said.
void paintDesk(QPainter& painter, const explain::Stage& stage, double y, double pageHeight) {
    const Theme& theme = Theme::instance();
    DeskScene scene;
    scene.setStage(stage, pageWidth, (pageHeight - y - theme.px(20)) / linesScale);
    DeskScene::View view;
    view.width = pageWidth;
    view.selected = stage.result;
    const int hidden = scene.columns() - scene.shownColumns();
    if (hidden > 0) {
        int first = std::max(stage.result.column, 0);
        for (const explain::Grid& grid : stage.grids)
            if (!grid.litColumns.empty()) first = *std::min_element(grid.litColumns.begin(), grid.litColumns.end());
        view.scrollX = std::clamp(first - scene.shownColumns() / 3, 0, hidden) * scene.columnWidth();
        scene.paintOverview(painter, QRectF(0, y, pageWidth, scene.overviewHeight()), view);
        y += scene.overviewHeight();
    }
    const double room = pageHeight - y - scene.legendHeight() - theme.px(20);
    const double shrink = std::clamp(room / scene.height(), leastScale, 1.0);
    view.visibleHeight = std::min(scene.height(), room / shrink);
    painter.save();
    painter.setClipRect(QRectF(0, y, pageWidth, room));
    painter.translate(0, y);
    painter.scale(shrink, shrink);
    scene.paint(painter, view);
    painter.restore();
    y += view.visibleHeight * shrink;
    scene.paintLegend(painter, QRectF(0, y, pageWidth, scene.legendHeight()), view);
    if (hidden > 0 || view.visibleHeight < scene.height())
        paragraph(painter, y + scene.legendHeight(), QObject::tr("Not all numbers fit on a page; the Markdown file has them."),
                  TextSize::caption, Role::muted, false);
}

void paintPage(QPainter& painter, const explain::Walk& walk, const explain::Stage& stage, int number, const explain::WalkTitle& title,
               double pageHeight) {
    const QString of = QObject::tr("%1 \u00B7 %2 \u00B7 input %3").arg(qt(title.model), qt(title.place), qt(title.input));
    double y = paragraph(painter, 0, of, TextSize::caption, Role::muted, false);
    y = paragraph(painter, y, QStringLiteral("%1. %2").arg(number).arg(shown(stage.heading)), TextSize::meter, Role::text, true);
    y = formulaLine(painter, y, shown(stage.formula), TextSize::token, Role::text, true);
    y = paragraph(painter, y, shown(stage.text), TextSize::text, Role::muted, false);
    for (const explain::Words& note : stage.notes) y = paragraph(painter, y, shown(note), TextSize::axis, Role::muted, false);
    y = formulaLine(painter, y, liveLine(walk.explain(stage.result)), TextSize::token, Role::text, false);
    paintDesk(painter, stage, y, pageHeight);
}

void writePdf(QSaveFile& file, const explain::Walk& walk, const explain::WalkTitle& title) {
    const PrintTheme paper;
    QPdfWriter writer(&file);
    writer.setResolution(dotsPerInch);
    writer.setPageSize(QPageSize(QPageSize::A4));
    writer.setPageOrientation(QPageLayout::Landscape);
    writer.setTitle(qt(title.model));
    QPainter painter(&writer);
    const double scale = writer.width() / pageWidth;
    painter.scale(scale, scale);
    int number = 0;
    for (const explain::Stage& stage : walk.stages) {
        if (number > 0) writer.newPage();
        paintPage(painter, walk, stage, ++number, title, writer.height() / scale);
    }
}

}  // namespace

void writeHandout(const QString& path, const explain::Walk& walk, const explain::WalkTitle& title) {
    QSaveFile file(path);
    const auto fail = [&] { throw InputError(path.toStdString(), LAB_TEXT("files", "cannot be written")); };
    if (!file.open(QIODevice::WriteOnly)) fail();
    if (path.endsWith(QLatin1String(".pdf"), Qt::CaseInsensitive)) {
        writePdf(file, walk, title);
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
