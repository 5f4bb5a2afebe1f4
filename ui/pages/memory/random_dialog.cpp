#include "ui/pages/memory/random_dialog.h"

#include <QFormLayout>
#include <QHBoxLayout>
#include <QSpinBox>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/widgets/buttons.h"
#include "ui/widgets/named.h"
#include "ui/widgets/spin_text.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {

constexpr int randomMargin = 16, dialogWidth = 360;  // logical px at 100 %
constexpr int usualCount = 8;

}  // namespace

RandomDialog::RandomDialog(int rows, int columns, std::uint64_t seed, int most, QWidget* parent)
    : QDialog(parent), m_rows(rows), m_columns(columns), m_seed(seed) {
    setWindowTitle(tr("Random patterns"));
    auto* layout = new QVBoxLayout(this);
    auto* help = new ThemedLabel(tr("Every pixel is on or off by chance. With a correlation c, each pixel is that of one common picture "
                                    "with probability (1 + \u221A"
                                    "c) / 2; two patterns then overlap by c on average."),
                                 TextSize::axis, Role::muted);
    help->setWordWrap(true);
    m_count = named("memory.random.count", new QSpinBox);
    m_count->setRange(1, mostPatterns);
    m_count->setValue(usualCount);
    m_correlation = named("memory.random.correlation", new RealBox);
    m_correlation->setRange(0, 1);
    m_correlation->setSingleStep(0.1);
    m_correlation->setDecimals(2);
    auto* form = new QFormLayout;
    form->addRow(tr("How many"), m_count);
    form->addRow(tr("Correlation"), m_correlation);
    auto* row = new QHBoxLayout;
    auto* leave = named("memory.random.cancel", new Button(tr("Cancel")));
    auto* replace = named("memory.random.replace", new Button(tr("Replace all")));
    replace->setToolTip(tr("Those that are stored go; Undo brings them back"));
    auto* add = named("memory.random.add", new Button(tr("Add")));
    add->setDefault(true);
    add->setEnabled(most > 0);
    row->addStretch(1);
    for (Button* button : {leave, replace, add}) row->addWidget(button);
    layout->addWidget(help);
    layout->addLayout(form);
    layout->addLayout(row);
    const auto allow = [this, add, most] {
        add->setEnabled(m_count->value() <= most);
        add->setToolTip(m_count->value() <= most ? QString() : tr("There is room for %1 more").arg(std::max(0, most)));
    };
    connect(m_count, &QSpinBox::valueChanged, this, allow);
    allow();
    connect(leave, &QPushButton::clicked, this, &QDialog::reject);
    connect(add, &QPushButton::clicked, this, &QDialog::accept);
    connect(replace, &QPushButton::clicked, this, [this] {
        m_replaces = true;
        accept();
    });
    followTheme(this, &RandomDialog::applyMeasures);
}

void RandomDialog::applyMeasures() {
    const int side = Theme::instance().px(randomMargin);
    layout()->setContentsMargins(side, side, side, side);
    setMinimumWidth(Theme::instance().px(dialogWidth));
}

std::vector<Pattern> RandomDialog::patterns() const {
    return randomPatterns(m_count->value(), m_rows, m_columns, m_correlation->value(), m_seed);
}

}  // namespace lab
