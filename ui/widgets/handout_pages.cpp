#include "ui/widgets/handout_pages.h"

#include <algorithm>

#include "core/explain/handout.h"
#include "core/explain/waterfall.h"
#include "ui/text/message_text.h"
#include "ui/text/number_words.h"
#include "ui/widgets/desk_scene.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/matrix_scene.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

constexpr double smallestPoints = 8.0;
constexpr double paperPointsWide = 842.0, paperPointsHigh = 595.0;  // A4, landscape
constexpr double marginPoints = 10.0 / 25.4 * 72.0;
constexpr double blockSpace = 16.0;
constexpr int footerHeight = 16;
constexpr double handoutPagesBlankWidth = 84.0;
constexpr double matrixShare = 0.6;  ///< of the page, that a matrix's picture takes at most
constexpr std::size_t mostTaskTerms = 4;

}  // namespace

/// Goes down the page; without a painter it only measures.
class HandoutPages::Pen {
public:
    Pen(QPainter* painter, double top) : m_painter(painter), m_top(top), m_y(top) {}

    QPainter* painter() const { return m_painter; }
    double y() const { return m_y; }
    double gone() const { return m_y - m_top; }
    void skip(double height) { m_y += height; }

    void paragraph(const QString& text, TextSize size, Role role, bool bold) {
        const Theme& theme = Theme::instance();
        const QFont font = theme.font(size, bold);
        const QStringList lines = wrappedFormula(font, text, HandoutPages::size().width());
        const int high = formulaLinesHeight(font, lines);
        if (m_painter) {
            m_painter->setFont(font);
            m_painter->setPen(theme.color(role));
            drawFormulaLines(*m_painter, QRectF(0, m_y, HandoutPages::size().width(), high), lines);
        }
        m_y += high + theme.px(4);
    }
    /// One line from `x` on; gives where it ends. The pen stays.
    double put(double x, const QString& text, TextSize size, Role role, bool bold) {
        const Theme& theme = Theme::instance();
        const QFont font = theme.font(size, bold);
        const double wide = formulaWidth(font, text);
        if (m_painter) {
            m_painter->setFont(font);
            m_painter->setPen(theme.color(role));
            drawFormula(*m_painter, QRectF(x, m_y, wide + 2, theme.px(24)), Qt::AlignLeft, text);
        }
        return x + wide;
    }
    void blank(double x) {
        if (m_painter)
            drawHairline(*m_painter, QPointF(x, m_y + Theme::instance().px(20)),
                         QPointF(x + handoutPagesBlankWidth, m_y + Theme::instance().px(20)), Theme::instance().color(Role::text));
    }

private:
    QPainter* m_painter;
    double m_top, m_y;
};

double HandoutPages::points() {
    return smallestPoints / indexPixels(static_cast<int>(TextSize::caption));
}

QSizeF HandoutPages::size() {
    return {paper().width() - 2.0 * margin(), paper().height() - 2.0 * margin()};
}

QSizeF HandoutPages::paper() {
    return {paperPointsWide / points(), paperPointsHigh / points()};
}

double HandoutPages::margin() {
    return marginPoints / points();
}

HandoutPages::HandoutPages(const explain::Walk& walk, const explain::WalkTitle& title, const Handout& handout)
    : m_walk(walk), m_title(title), m_handout(handout) {
    Pen head(nullptr, 0.0);
    const double first = header(head);
    double y = first;
    for (std::size_t i = 0; i < walk.stages.size(); ++i) {
        const explain::Stage& stage = walk.stages[i];
        if (!handout.stages.empty() && std::ranges::find(handout.stages, stage.id) == handout.stages.end()) continue;
        Block block{&stage, static_cast<int>(i) + 1, 0.0};
        Pen measuring(nullptr, 0.0);
        const double high = write(measuring, block);
        if (m_pages.empty() || handout.pagePerStage || y + high > size().height() - Theme::instance().px(footerHeight)) {
            m_pages.emplace_back();
            y = first;
        }
        block.top = y;
        m_pages.back().push_back(block);
        y += high + blockSpace;
    }
}

double HandoutPages::header(Pen& pen) const {
    const QString of =
        QObject::tr("%1 \u00B7 %2 \u00B7 input %3")
            .arg(QString::fromStdString(m_title.model), QString::fromStdString(m_title.place), QString::fromStdString(m_title.input));
    pen.paragraph(of, TextSize::caption, Role::muted, false);
    if (m_handout.kind == Handout::Kind::explained) return pen.y();
    const bool asks = m_handout.kind == Handout::Kind::worksheet;
    const double after = pen.put(0, asks ? QObject::tr("Worksheet") : QObject::tr("Solution"), TextSize::token, Role::text, true);
    if (asks) pen.blank(pen.put(after + 24, QObject::tr("Name:"), TextSize::text, Role::text, false) + 6);
    pen.skip(Theme::instance().px(30));
    return pen.y();
}

void HandoutPages::paint(QPainter& painter, int page) const {
    Pen pen(&painter, 0.0);
    header(pen);
    for (const Block& block : m_pages[static_cast<std::size_t>(page)]) {
        Pen ofBlock(&painter, block.top);
        write(ofBlock, block);
    }
    const Theme& theme = Theme::instance();
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    painter.drawText(QRectF(0, size().height() - theme.px(footerHeight), size().width(), theme.px(footerHeight)),
                     Qt::AlignRight | Qt::AlignBottom, QObject::tr("page %1 of %2").arg(page + 1).arg(count()));
}

/// Gives the block's height.
double HandoutPages::write(Pen& pen, const Block& block) const {
    const explain::Stage& stage = *block.stage;
    pen.paragraph(QStringLiteral("%1. %2").arg(block.number).arg(shown(stage.heading)), TextSize::meter, Role::text, true);
    pen.paragraph(shown(stage.formula), TextSize::token, Role::text, true);
    pen.paragraph(shown(stage.text), TextSize::text, Role::muted, false);
    if (m_handout.kind == Handout::Kind::explained)
        for (const explain::Words& note : stage.notes) pen.paragraph(shown(note), TextSize::axis, Role::muted, false);
    writeTasks(pen, stage);
    if (explain::hasMatrix(stage))
        paintMatrix(pen, stage);
    else
        paintDesk(pen, stage);
    return pen.gone();
}

/// The stage's number as it comes about, or what is to be worked out, as many terms as a line holds.
void HandoutPages::writeTasks(Pen& pen, const explain::Stage& stage) const {
    const bool explained = m_handout.kind == Handout::Kind::explained;
    const std::vector<explain::CellRef> tasks = explained ? std::vector{stage.result} : explain::handoutTasks(stage);
    const QFont font = Theme::instance().font(TextSize::token);
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        const explain::Expression expression = stage.find(tasks[i].grid)->explain(tasks[i].row, tasks[i].column);
        const QString number = explained ? QString() : QStringLiteral("%1)  ").arg(QChar(u'a' + static_cast<char16_t>(i)));
        explain::ExpressionText text;
        QString left;
        for (std::size_t terms = mostTaskTerms; terms > 0; --terms) {
            text = explain::expressionText(expression, terms);
            left = number + shown(text.left) + QStringLiteral(" = ");
            if (formulaWidth(font, left) + handoutPagesBlankWidth <= size().width()) break;
        }
        const double end = pen.put(0, left, TextSize::token, Role::text, false);
        if (m_handout.kind == Handout::Kind::worksheet)
            pen.blank(end);
        else
            pen.put(end, withShownPoint(QString::fromStdString(text.result)), TextSize::token, explained ? Role::text : Role::accent, true);
        pen.skip(Theme::instance().px(26));
    }
}

void HandoutPages::paintMatrix(Pen& pen, const explain::Stage& stage) const {
    MatrixScene scene;
    scene.setStage(stage, stage.result);
    scene.setBlank(m_handout.kind == Handout::Kind::worksheet);
    const QRectF place(0, pen.y(), size().width(), std::max(scene.leastHeight(), size().height() * matrixShare));
    if (pen.painter()) scene.paint(*pen.painter(), place);
    pen.skip(place.height());
}

/// The columns in sight, those that weigh most among them, and as many rows as a page holds; what is left out is said.
void HandoutPages::paintDesk(Pen& pen, const explain::Stage& whole) const {
    const Theme& theme = Theme::instance();
    const bool asks = m_handout.kind == Handout::Kind::worksheet;
    const explain::Stage stage = m_handout.pagePerStage ? whole : explain::handoutQuestion(whole);
    Pen head(nullptr, 0.0);
    const double line = theme.px(18), most = size().height() - header(head) - pen.gone() - line;
    DeskScene scene;
    scene.setLowRows(true);
    scene.setStage(stage, size().width(), most);
    DeskScene::View view;
    view.width = size().width();
    if (asks) view.blanks = explain::handoutTasks(stage);
    if (!asks) view.selected = stage.result;
    const int hidden = scene.columns() - scene.shownColumns();
    if (hidden > 0) {
        int first = std::max(stage.result.column, 0);
        for (const explain::Grid& grid : stage.grids)
            if (!grid.litColumns.empty()) first = *std::min_element(grid.litColumns.begin(), grid.litColumns.end());
        view.scrollX = std::clamp(first - scene.shownColumns() / 3, 0, hidden) * scene.columnWidth();
        if (pen.painter()) scene.paintOverview(*pen.painter(), QRectF(0, pen.y(), size().width(), scene.overviewHeight()), view);
        pen.skip(scene.overviewHeight());
    }
    const double room = std::max(most - scene.overviewHeight() - scene.legendHeight() - line, line);
    view.visibleHeight = std::min(scene.height(), room);
    if (QPainter* painter = pen.painter()) {
        painter->save();
        painter->setClipRect(QRectF(0, pen.y(), size().width(), view.visibleHeight));
        painter->translate(0, pen.y());
        scene.paint(*painter, view);
        painter->restore();
        scene.paintLegend(*painter, QRectF(0, pen.y() + view.visibleHeight, size().width(), scene.legendHeight()), view);
    }
    pen.skip(view.visibleHeight + scene.legendHeight());
    if (hidden > 0 || view.visibleHeight < scene.height())
        pen.paragraph(QObject::tr("Not all numbers fit on a page; the Markdown file has them."), TextSize::caption, Role::muted, false);
}

}  // namespace lab
