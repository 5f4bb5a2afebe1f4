#include "ui/pages/explain/shape_line.h"

#include <QHBoxLayout>
#include <QPainter>

#include "ui/text/message_text.h"
#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/named.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int shapeLineLineHeight = 20;
constexpr int shapeLineMargin = 12;

}  // namespace

QString tensorKindsHelp() {
    QStringList lines;
    for (const explain::TensorKindRow& row : explain::tensorKindRows())
        lines << QStringLiteral("<tr><td>%1&nbsp;&nbsp;</td><td>%2</td><td>&nbsp;&nbsp;%3</td></tr>")
                     .arg(QString::fromUtf8(row.sign), shown(row.name), shown(row.meaning));
    return QStringLiteral("<table>%1</table>").arg(lines.join(QString()));
}

ShapeLine::ShapeLine(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Maximum);
    m_button = named("explain.shapes.open", new Button(tr("Shapes\u2026"), this));
    m_button->setHeight(20);
    m_button->setToolTip(tr("The tensors of every stage: axes, sizes and bytes, of this model or for sizes that you type"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSizeConstraint(QLayout::SetNoConstraint);  // a low page has no room for it
    row->addStretch(1);
    row->addWidget(m_button);
    connect(m_button, &QPushButton::clicked, this, &ShapeLine::opened);
    describePicture(this, tr("Shapes"));
}

void ShapeLine::setStage(const explain::StageShapes* stage, const explain::AxisSizes& sizes) {
    m_line = stage ? shown(stage->line(sizes)) : QString();
    m_button->setEnabled(stage);
    setToolTip(formulaHtml(Theme::instance().font(TextSize::axis), m_line) + QStringLiteral("<br>") + tensorKindsHelp());
    describePicture(this, tr("Shapes"), text());
    update();
}

QString ShapeLine::text() const {
    return plainFormula(m_line);
}

QSize ShapeLine::sizeHint() const {
    return {Theme::instance().px(240), Theme::instance().px(shapeLineLineHeight)};
}

void ShapeLine::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    const QFont font = theme.font(TextSize::axis);
    painter.setFont(font);
    painter.setPen(theme.color(Role::muted));
    const double left = theme.px(shapeLineMargin), room = m_button->x() - left - theme.px(8);
    drawFormula(painter, QRectF(left, 0, room, height()), Qt::AlignLeft, elidedFormula(font, m_line, room));
}

}  // namespace lab
