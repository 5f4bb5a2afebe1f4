#include "ui/pages/explain/formula_strip.h"

#include <QPainter>
#include <QResizeEvent>

#include "core/explain/symbols.h"
#include "ui/text/message_text.h"
#include "ui/text/number_words.h"
#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

constexpr int formulaLine = 26;
constexpr int sentenceLine = 18;
constexpr int formulaStripMargin = 12;
constexpr std::size_t mostTerms = 4;

int boxHeight(const QFont& font, const QString& text, int width) {
    return formulaLinesHeight(font, wrappedFormula(font, text, width));
}

/// What the formula's letters mean, a line each.
QString meanings(const explain::Stage& stage) {
    const QFont font = Theme::instance().font(TextSize::text);
    QStringList lines;
    for (const explain::SymbolRow* row : explain::symbolsOf(stage))
        lines << QStringLiteral("<tr><td>%1&nbsp;&nbsp;</td><td>%2</td></tr>")
                     .arg(formulaHtml(font, QString::fromUtf8(row->symbol.data(), static_cast<qsizetype>(row->symbol.size()))),
                          formulaHtml(font, shown(row->meaning)));
    return lines.isEmpty() ? QString() : QStringLiteral("<table>%1</table>").arg(lines.join(QString()));
}

}  // namespace

FormulaStrip::FormulaStrip(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    describePicture(this, tr("Formula"));
}

void FormulaStrip::setStage(const explain::Stage& stage) {
    m_formula = shown(stage.formula);
    m_sentence = shown(stage.text);
    m_notes.clear();
    for (const explain::Words& note : stage.notes) m_notes << shown(note);
    setToolTip(meanings(stage));
    setFixedHeight(heightFor(width()));
    update();
}

void FormulaStrip::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    if (event->oldSize().width() != event->size().width()) setFixedHeight(heightFor(width()));
}

QString FormulaStrip::expressionText() const {
    const explain::ExpressionText text = explain::expressionText(m_expression, mostTerms);
    return plainFormula(shown(text.left) + QStringLiteral(" = ") + withShownPoint(QString::fromStdString(text.result)));
}

void FormulaStrip::setExpression(const explain::Expression& expression) {
    m_expression = expression;
    describePicture(this, plainFormula(m_formula), expressionText());
    update();
}

bool FormulaStrip::sentenceFitsBeside(int width) const {
    const Theme& theme = Theme::instance();
    return formulaWidth(theme.font(TextSize::meter, true), m_formula) + formulaWidth(theme.font(TextSize::text), m_sentence) +
               theme.px(2 * formulaStripMargin + 24) <
           width;
}

int FormulaStrip::heightFor(int width) const {
    const Theme& theme = Theme::instance();
    const int inner = std::max(width - theme.px(2 * formulaStripMargin), 100);
    int height = theme.px(6 + formulaLine + 6) + headingHeight(inner);
    if (!sentenceFitsBeside(width)) height += std::max(theme.px(sentenceLine), boxHeight(theme.font(TextSize::text), m_sentence, inner));
    for (const QString& note : m_notes) height += boxHeight(theme.font(TextSize::axis), note, inner) + theme.px(2);
    return height;
}

/// Of the stage's formula: a line, or more in a narrow window.
int FormulaStrip::headingHeight(int inner) const {
    const Theme& theme = Theme::instance();
    const QFont font = theme.font(TextSize::meter, true);
    const QStringList lines = wrappedFormula(font, m_formula, inner);
    return lines.size() <= 1 ? theme.px(formulaLine) : formulaLinesHeight(font, lines) + theme.px(6);
}

QSize FormulaStrip::sizeHint() const {
    return {400, heightFor(std::max(width(), 300))};
}

void FormulaStrip::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    drawFrame(painter, rect(), theme.px(4), theme.color(Role::hairline), theme.color(Role::panel));
    const int inner = width() - theme.px(2 * formulaStripMargin);
    double y = theme.px(6);
    painter.setFont(theme.font(TextSize::meter, true));
    painter.setPen(theme.color(Role::text));
    const double wide = formulaWidth(painter.font(), m_formula);
    if (const QStringList lines = wrappedFormula(painter.font(), m_formula, inner); lines.size() > 1)
        drawFormulaLines(painter, QRectF(theme.px(formulaStripMargin), y, inner, headingHeight(inner)), lines);
    else
        drawFormula(painter, QRectF(theme.px(formulaStripMargin), y, inner, theme.px(formulaLine)), Qt::AlignLeft, m_formula);
    painter.setFont(theme.font(TextSize::text));
    painter.setPen(theme.color(Role::muted));
    if (sentenceFitsBeside(width())) {
        drawFormula(painter, QRectF(theme.px(formulaStripMargin + 24) + wide, y + theme.px(1), inner, theme.px(formulaLine)), Qt::AlignLeft,
                    m_sentence);
        y += theme.px(formulaLine);
    } else {
        y += headingHeight(inner);
        const int h = std::max(theme.px(sentenceLine), boxHeight(painter.font(), m_sentence, inner));
        drawFormulaLines(painter, QRectF(theme.px(formulaStripMargin), y, inner, h), wrappedFormula(painter.font(), m_sentence, inner));
        y += h;
    }
    painter.setFont(theme.font(TextSize::axis));
    for (const QString& note : m_notes) {
        const int h = boxHeight(painter.font(), note, inner);
        drawFormulaLines(painter, QRectF(theme.px(formulaStripMargin), y, inner, h), wrappedFormula(painter.font(), note, inner));
        y += h + theme.px(2);
    }
    // As many terms as the line holds.
    const QFont font = theme.font(TextSize::token), bold = theme.font(TextSize::meter, true);
    explain::ExpressionText text;
    const auto fits = [&] {
        return formulaWidth(font, shown(text.left) + QStringLiteral(" = ")) +
                   formulaWidth(bold, withShownPoint(QString::fromStdString(text.result))) <
               inner;
    };
    for (std::size_t shown = mostTerms; shown > 0; --shown) {
        text = explain::expressionText(m_expression, shown);
        if (fits()) break;
    }
    if (!fits()) text.left = m_expression.name;  // the terms stand beside the desk
    const QString left = shown(text.left) + QStringLiteral(" = ");
    painter.setFont(font);
    painter.setPen(theme.color(Role::text));
    drawFormula(painter, QRectF(theme.px(formulaStripMargin), y, inner, theme.px(formulaLine)), Qt::AlignLeft, left);
    const double at = theme.px(formulaStripMargin) + formulaWidth(font, left) + theme.px(2);
    painter.setFont(bold);
    painter.setPen(theme.color(Role::accent));
    drawFormula(painter, QRectF(at, y, inner, theme.px(formulaLine)), Qt::AlignLeft, withShownPoint(QString::fromStdString(text.result)));
}

}  // namespace lab
