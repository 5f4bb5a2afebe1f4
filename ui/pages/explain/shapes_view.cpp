#include "ui/pages/explain/shapes_view.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QScrollArea>
#include <QSpinBox>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/pages/explain/shape_line.h"
#include "ui/pages/explain/shape_table.h"
#include "ui/text/message_text.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/named.h"
#include "ui/widgets/problem_label.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int shapesViewMargin = 12;
constexpr int boxWidth = 88;

}  // namespace

ShapesView::ShapesView(QWidget* parent) : QWidget(parent) {
    auto* rows = new QVBoxLayout(this);
    m_source = named("explain.shapes.sizes", new SegmentedControl({tr("this model and input"), tr("typed sizes")}, tr("Sizes")));
    const auto line = [] {
        auto* made = new QWidget;
        (new QHBoxLayout(made))->setContentsMargins(shapesViewMargin, 0, shapesViewMargin, 0);
        return made;
    };
    QWidget *source = line(), *top = line();
    source->layout()->addWidget(m_source);
    static_cast<QHBoxLayout*>(source->layout())->addStretch(1);
    m_fieldRow = top;
    using Sizes = explain::TypedSizes;
    addField(top, QStringLiteral("batch"), QStringLiteral("B"), tr("batch"), &Sizes::batch);
    addField(top, QStringLiteral("heads"), QStringLiteral("H"), tr("heads"), &Sizes::heads);
    addField(top, QStringLiteral("kv-heads"), QStringLiteral("G"), tr("key-value heads"), &Sizes::kvHeads);
    addField(top, QStringLiteral("positions"), QStringLiteral("T"), tr("positions"), &Sizes::positions);
    addField(top, QStringLiteral("keys"), QStringLiteral("S"), tr("positions of the keys"), &Sizes::keys);
    addField(top, QStringLiteral("channels"), QStringLiteral("d_{h}"), tr("channels of a head"), &Sizes::headDim);
    addField(top, QStringLiteral("hidden"), QStringLiteral("d_{ff}"), tr("channels of the feed-forward"), &Sizes::hidden);
    addField(top, QStringLiteral("classes"), tr("classes"), tr("classes"), &Sizes::classes);
    m_width = new ThemedLabel({}, TextSize::text, Role::muted);
    m_width->setTextFormat(Qt::RichText);
    top->layout()->addWidget(m_width);
    static_cast<QHBoxLayout*>(top->layout())->addStretch(1);
    m_rule = new ThemedLabel({}, TextSize::caption, Role::muted);
    m_rule->setTextFormat(Qt::RichText);
    m_rule->setWordWrap(true);
    m_rule->setContentsMargins(shapesViewMargin, 0, shapesViewMargin, 0);
    auto* signs = new ThemedLabel({}, TextSize::caption, Role::muted);
    QStringList kinds;
    for (const explain::TensorKindRow& kind : explain::tensorKindRows())
        kinds << QString::fromUtf8(kind.sign) + QLatin1Char(' ') + shown(kind.name);
    signs->setText(kinds.join(QStringLiteral("    ")));
    signs->setToolTip(tensorKindsHelp());
    signs->setContentsMargins(shapesViewMargin, 0, shapesViewMargin, 0);
    m_problem = new ProblemLabel;
    m_problem->setContentsMargins(shapesViewMargin, 0, shapesViewMargin, 0);
    m_table = named("explain.shapes.table", new ShapeTable);
    m_scroll = new QScrollArea;
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setWidgetResizable(true);
    m_scroll->setWidget(m_table);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    rows->setContentsMargins(0, 8, 0, 0);
    for (QWidget* part : {source, top, static_cast<QWidget*>(m_rule), static_cast<QWidget*>(signs), static_cast<QWidget*>(m_problem)})
        rows->addWidget(part);
    rows->addWidget(m_scroll, 1);
    connect(m_source, &SegmentedControl::chosen, this, [this] { showFields(); });
    connect(m_table, &ShapeTable::chosen, this, &ShapesView::chosen);
    connect(m_table, &ShapeTable::moved, this, &ShapesView::reveal);
    followTheme(this, [this] {
        for (const Field& field : m_fields) field.box->setFixedWidth(Theme::instance().px(boxWidth));
    });
    showFields();
}

void ShapesView::addField(QWidget* row, const QString& id, const QString& symbol, const QString& meaning,
                          std::int64_t explain::TypedSizes::*size) {
    auto* label = new ThemedLabel({}, TextSize::text, Role::muted);
    label->setTextFormat(Qt::RichText);
    label->setText(formulaHtml(label->font(), symbol));
    auto* box = named(QStringLiteral("explain.shapes.") + id, new QSpinBox);
    box->setRange(1, static_cast<int>(explain::mostTyped));
    box->setValue(static_cast<int>(explain::TypedSizes{}.*size));
    box->setAccessibleName(meaning);
    box->setToolTip(meaning);
    label->setBuddy(box);
    row->layout()->addWidget(label);
    row->layout()->addWidget(box);
    connect(box, &QSpinBox::valueChanged, this, &ShapesView::showTable);
    m_fields.push_back({label, box, size});
}

void ShapesView::setShapes(const explain::Shapes& shapes) {
    m_shapes = shapes;
    showFields();
}

bool ShapesView::isTyped() const {
    return m_source->current() == 1;
}

void ShapesView::setTyped(bool typed) {
    m_source->setCurrent(typed ? 1 : 0);
    showFields();
}

void ShapesView::type(const explain::TypedSizes& sizes) {
    for (const Field& field : m_fields) field.box->setValue(static_cast<int>(sizes.*field.size));
}

explain::TypedSizes ShapesView::typed() const {
    explain::TypedSizes sizes;
    for (const Field& field : m_fields) sizes.*field.size = field.box->value();
    return sizes;
}

QString ShapesView::problem() const {
    return m_problem->sentence();
}

/// Only what this model's sizes can differ in.
void ShapesView::showFields() {
    m_fieldRow->setVisible(isTyped());
    for (const Field& field : m_fields) {
        const bool there = (field.size != &explain::TypedSizes::keys || m_shapes.cross) &&
                           (field.size != &explain::TypedSizes::kvHeads || m_shapes.grouped);
        field.label->setVisible(there);
        field.box->setVisible(there);
    }
    const QFont font = m_rule->font();
    QStringList axes, meanings;
    for (const explain::AxisRow* axis : explain::axesOf(m_shapes)) {
        const QString symbol = QString::fromUtf8(axis->symbol).replace(QLatin1Char(' '), QChar(QChar::Nbsp));
        axes << formulaHtml(font, symbol + QChar(QChar::Nbsp) + shown(axis->name));
        meanings << formulaHtml(font, symbol + QStringLiteral(": ") + shown(axis->meaning));
    }
    m_rule->setText(axes.join(QStringLiteral(" \u00B7 ")) + QStringLiteral("<br>") +
                    formulaHtml(font, shown(explain::sizesRule(m_shapes))));
    m_rule->setToolTip(meanings.join(QStringLiteral("<br>")));
    showTable();
}

void ShapesView::showTable() {
    const explain::TypedSizes sizes = typed();
    const explain::Words wrong = isTyped() ? explain::typedProblem(m_shapes, sizes) : explain::Words();
    m_width->setText(
        formulaHtml(m_width->font(), QStringLiteral("d_{model}\u00A0= H\u00A0d_{h}\u00A0= %1")
                                         .arg(QString::fromStdString(explain::countText(explain::typedAxes(m_shapes, sizes)['C'])))));
    m_problem->say(plainFormula(shown(wrong)));
    if (!wrong.empty()) return;
    m_table->setShapes(m_shapes, isTyped() ? explain::typedAxes(m_shapes, sizes) : m_shapes.sizes);
}

void ShapesView::setStage(const std::string& stage) {
    m_table->setCurrent(stage);
    reveal();
}

void ShapesView::reveal() {
    const QRect at = m_table->currentRect();
    m_scroll->ensureVisible(0, at.bottom(), 0, m_scroll->viewport()->height() / 3);
}

void ShapesView::focusInEvent(QFocusEvent* event) {
    m_table->setFocus(event->reason());
}

}  // namespace lab
