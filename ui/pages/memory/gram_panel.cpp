#include "ui/pages/memory/gram_panel.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QJsonObject>
#include <QVBoxLayout>

#include "ui/text/message_text.h"
#include "ui/widgets/caption.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/spin_text.h"
#include "ui/widgets/table/text_table.h"
#include "ui/widgets/verdict.h"
#include "ui/widgets/wrapped_text.h"

namespace lab {
namespace {

constexpr double largest = 9;
const StoredVectors firstVectors{GramPanel::count, GramPanel::dimension, {1, 0, 0.8, 0.6, 0, 1}};

std::size_t at(int row, int column, int columns) {
    return static_cast<std::size_t>(row * columns + column);
}

QString numbers(const std::vector<double>& values, int row, int columns) {
    QStringList words;
    for (int c = 0; c < columns; ++c) words << fixed(values[at(row, c, columns)], 2);
    return words.join(QStringLiteral("  "));
}

}  // namespace

GramPanel::GramPanel(QWidget* parent) : PanelFrame(QStringLiteral("(X Xᵀ) X"), parent), m_x(firstVectors) {
    setShortTitle(QStringLiteral("X"));
    auto* body = new QWidget;
    auto* lines = new QVBoxLayout(body);
    m_kindChoice = named("memory.evidence.weights", new SegmentedControl({tr("raw"), tr("softmax"), tr("β")}, tr("Weights")));
    m_kindChoice->setHeight(20);
    m_kindChoice->setChoiceToolTip(0, tr("The dot products themselves are the weights"));
    m_kindChoice->setChoiceToolTip(1, tr("Each row through a softmax: weights above 0 with sum 1"));
    m_kindChoice->setChoiceToolTip(2, tr("Each row through softmax(β · products): an update of the continuous Hopfield network"));
    m_betaBox = named("memory.evidence.beta", new RealBox);
    m_betaBox->setRange(0.01, 100);
    m_betaBox->setStepType(QAbstractSpinBox::AdaptiveDecimalStepType);
    m_betaBox->setAccessibleName(tr("β of the softmax"));
    m_betaBox->setToolTip(tr("β: above 1 sharper than the plain softmax, below 1 flatter"));
    addControl(m_kindChoice);
    addControl(m_betaBox);
    makeFields(body);
    m_table = named("memory.evidence.products", new TextTable(tr("Products, weights, mixture")));
    m_table->setColumns({tr("row"), tr("X Xᵀ"), tr("weights"), tr("sum"), tr("mixture")}, {0.08, 0.3, 0.3, 0.11, 0.21});
    m_table->setToolTip(
        tr("Row i of X Xᵀ has the dot products of x_i with every vector; the matrix is symmetric. Weights: made of that row. Mixture: "
           "Σ weight · x."));
    m_hand = new WrappedText(count + dimension, TextSize::axis);
    m_hebb = new WrappedText(4, TextSize::axis);
    m_hebb->setHelp(tr("Σ x xᵀ is what Hebb's rule writes into the weights when each vector is shown once (the diagonal kept)"));
    lines->addWidget(m_table);
    lines->addWidget(m_hand);
    lines->addWidget(m_hebb);
    lines->addStretch();
    keepSpacing(lines, {8, 4, 8, 4}, 4);
    setContent(body);
    connect(m_kindChoice, &SegmentedControl::chosen, this, [this](int kind) { setKind(static_cast<GramWeights>(kind)); });
    connect(m_rowChoice, &SegmentedControl::chosen, this, &GramPanel::setRow);
    connect(m_betaBox, &QDoubleSpinBox::valueChanged, this, &GramPanel::takeNumbers);
    fill();
    followTheme(this, &GramPanel::applyMeasures);
}

void GramPanel::makeFields(QWidget* body) {
    auto* row = new QHBoxLayout;
    for (int i = 0; i < count; ++i) {
        QDoubleSpinBox* first = nullptr;
        for (int c = 0; c < dimension; ++c) {
            auto* box = named(QStringLiteral("memory.evidence.x%1%2").arg(i).arg(c), new RealBox(body));
            box->setRange(-largest, largest);
            box->setSingleStep(0.1);
            box->setButtonSymbols(QAbstractSpinBox::NoButtons);
            box->setAlignment(Qt::AlignRight);
            box->setValue(m_x.row(i)[c]);
            box->setAccessibleName(tr("Number %1 of x%2").arg(c).arg(i));
            if (c == 0) {
                first = box;
                row->addWidget(new Caption(tr("x%1").arg(i), first));
            }
            row->addWidget(box);
            m_numbers.push_back(box);
            connect(box, &QDoubleSpinBox::valueChanged, this, &GramPanel::takeNumbers);
        }
    }
    m_rowChoice = named("memory.evidence.row", new SegmentedControl({tr("x0"), tr("x1"), tr("x2")}, tr("Row by hand")));
    m_rowChoice->setHeight(20);
    m_rowChoice->setToolTip(tr("The row that is worked out below"));
    addControl(m_rowChoice);
    row->addStretch();
    static_cast<QVBoxLayout*>(body->layout())->addLayout(row);
    keepSpacing(row, {0, 0, 0, 0}, 4);
}

void GramPanel::applyMeasures() {
    for (QDoubleSpinBox* box : m_numbers) box->setFixedWidth(Theme::instance().px(46));
    m_betaBox->setMaximumWidth(Theme::instance().px(72));
    m_table->setFixedHeight(m_table->fullHeight());
}

void GramPanel::takeNumbers() {
    for (int i = 0; i < count; ++i)
        for (int c = 0; c < dimension; ++c) m_x.values[at(i, c, dimension)] = m_numbers[at(i, c, dimension)]->value();
    m_beta = m_betaBox->value();
    fill();
}

void GramPanel::setVectors(const StoredVectors& vectors) {
    m_x = vectors;
    fill();
}

void GramPanel::setKind(GramWeights kind) {
    m_kind = kind;
    fill();
}

void GramPanel::setRow(int row) {
    m_row = row;
    fill();
}

QString GramPanel::byHand() const {
    return m_hand->text();
}

void GramPanel::fill() {
    m_mixing = gramMixing(m_x, m_kind, m_beta);
    for (std::size_t i = 0; i < m_numbers.size(); ++i) {
        const QSignalBlocker quiet(m_numbers[i]);
        if (m_numbers[i]->value() != m_x.values[i]) m_numbers[i]->setValue(m_x.values[i]);
    }
    const QSignalBlocker quiet(m_betaBox);
    m_betaBox->setValue(m_beta);
    m_betaBox->setEnabled(m_kind == GramWeights::withBeta);
    m_kindChoice->setCurrent(static_cast<int>(m_kind));
    m_rowChoice->setCurrent(m_row);
    std::vector<TextTable::Row> rows;
    for (int i = 0; i < count; ++i) {
        TextTable::Row row{{QStringLiteral("x%1").arg(i), numbers(m_mixing.products, i, count), numbers(m_mixing.weights, i, count),
                            fixed(m_mixing.rowSums[static_cast<std::size_t>(i)], 2), numbers(m_mixing.mixed, i, dimension)}};
        row.chosen = i == m_row;
        rows.push_back(std::move(row));
    }
    m_table->setRows(std::move(rows));
    QStringList hand;
    for (int j = 0; j < count; ++j)
        hand << QStringLiteral("x%1 · x%2 = %3").arg(m_row).arg(j).arg(QString::fromStdString(productByHand(m_x, m_row, j)));
    for (int c = 0; c < dimension; ++c)
        hand << tr("mixture, number %1: %2").arg(c).arg(QString::fromStdString(mixtureByHand(m_x, m_mixing, m_row, c)));
    m_hand->setText(hand.join(QLatin1Char('\n')));
    const QString hebb =
        tr("Hebb's matrix XᵀX = Σ x xᵀ: (%1; %2).").arg(numbers(m_mixing.hebb, 0, dimension), numbers(m_mixing.hebb, 1, dimension));
    const QString same =
        tr("Raw, (X Xᵀ) X = X (XᵀX): comparing with every vector and mixing is the same as one pass through Hebb's weights "
           "(difference %1).");
    const QString other =
        tr("With a softmax the two differ (by %1): weights of one row depend on each other, and no fixed matrix does the "
           "same.");
    m_hebb->setText(sentences({hebb, m_kind == GramWeights::raw ? same.arg(differenceText(m_mixing.differenceToHebb))
                                                                : other.arg(significant(m_mixing.differenceToHebb, 2))}));
    emit changed();
}

QJsonObject GramPanel::notes() const {
    QJsonObject notes;
    if (m_x == firstVectors && m_kind == GramWeights::raw && m_beta == 2) return notes;
    QJsonArray values;
    for (const double value : m_x.values) values.append(value);
    notes[QStringLiteral("x")] = values;
    notes[QStringLiteral("weights")] = static_cast<int>(m_kind);
    notes[QStringLiteral("beta")] = m_beta;
    return notes;
}

void GramPanel::takeNotes(const QJsonObject& notes) {
    const QJsonArray values = notes[QStringLiteral("x")].toArray();
    m_x = firstVectors;
    if (values.size() == count * dimension)
        for (qsizetype i = 0; i < values.size(); ++i)
            m_x.values[static_cast<std::size_t>(i)] = std::clamp(values[i].toDouble(), -largest, largest);
    m_kind = static_cast<GramWeights>(std::clamp(notes[QStringLiteral("weights")].toInt(0), 0, 2));
    m_beta = std::clamp(notes[QStringLiteral("beta")].toDouble(2), 0.01, 100.0);
    fill();
}

}  // namespace lab
