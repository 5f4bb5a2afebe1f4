#include "ui/pages/text/written_look.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QVBoxLayout>
#include <algorithm>

#include "core/config/model_config.h"
#include "ui/scenes/head_names.h"
#include "ui/widgets/caption.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/named.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int lookMargin = 10, lookGap = 6;

}  // namespace

std::vector<LookedAt> lookOf(const Model& model, const Weights& weights, const std::vector<int>& tokens, int first, std::size_t block,
                             int head) {
    const AttentionBlock& attention = model.attentionBlocks()[block];
    const Trace trace = model.trace(weights, {tokens, {}, {}, {}, {}});
    const Tensor& map = trace.at(attention.name + ".weights");  // [H, T, T]
    const auto length = static_cast<std::size_t>(map.extent(2));
    const auto row = map.values.begin() + static_cast<std::ptrdiff_t>((static_cast<std::size_t>(head) * length + length - 1) * length);
    std::vector<LookedAt> looks;
    for (std::size_t key = 0; key < length; ++key)
        looks.push_back({first + static_cast<int>(key), static_cast<double>(row[static_cast<std::ptrdiff_t>(key)])});
    return looks;
}

WrittenLook::WrittenLook(QWidget* parent) : QWidget(parent) {
    auto* column = new QVBoxLayout(this);
    auto* row = new QHBoxLayout;
    m_block = named("text.write.look.layer", new QComboBox);
    m_head = named("text.write.look.head", new QComboBox);
    m_block->setAccessibleName(tr("Layer"));
    m_head->setAccessibleName(tr("Head"));
    m_words = new ElidedLabel({}, TextSize::text);
    row->addWidget(new Caption(tr("Looked at"), m_block));
    row->addWidget(m_block);
    row->addWidget(m_head);
    m_query = new ElidedLabel({}, TextSize::caption, Role::muted);
    m_query->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    row->addWidget(m_query, 1);
    column->addLayout(row);
    column->addWidget(m_words);
    connect(m_block, &QComboBox::currentIndexChanged, this, [this] {
        fillHeads();
        emit changed();
    });
    connect(m_head, &QComboBox::currentIndexChanged, this, &WrittenLook::changed);
    followTheme(this, &WrittenLook::applyMeasures);
}

void WrittenLook::applyMeasures() {
    const Theme& theme = Theme::instance();
    layout()->setContentsMargins(theme.px(lookMargin), theme.px(lookGap) / 2, theme.px(lookMargin), theme.px(lookGap) / 2);
    layout()->setSpacing(theme.px(lookGap) / 2);
    layout()->itemAt(0)->layout()->setSpacing(theme.px(lookGap));
}

void WrittenLook::setModel(std::shared_ptr<const Model> model) {
    if (model == m_model) return;
    m_model = std::move(model);
    const QSignalBlocker quiet(this);
    m_block->clear();
    if (m_model)
        for (const AttentionBlock& block : m_model->attentionBlocks())
            m_block->addItem(shortBlockName(block, m_model->config().architecture));
    fillHeads();
    m_block->setEnabled(m_block->count() > 0);
    m_head->setEnabled(m_block->count() > 0);
}

void WrittenLook::fillHeads() {
    const QSignalBlocker quiet(m_head);
    const int before = std::max(0, m_head->currentIndex());
    m_head->clear();
    if (block() < 0) return;
    const int heads = m_model->attentionBlocks()[static_cast<std::size_t>(block())].heads;
    for (int head = 0; head < heads; ++head) m_head->addItem(tr("head %1").arg(head));
    m_head->setCurrentIndex(std::min(before, heads - 1));
}

int WrittenLook::block() const {
    return m_block->currentIndex();
}

int WrittenLook::head() const {
    return m_head->currentIndex();
}

void WrittenLook::choose(int block, int head) {
    m_block->setCurrentIndex(std::clamp(block, 0, m_block->count() - 1));
    m_head->setCurrentIndex(std::clamp(head, 0, m_head->count() - 1));
}

void WrittenLook::setWords(const QString& words, std::optional<int> query) {
    m_words->setText(words);
    m_query->setText(query ? tr("query: token %1").arg(*query) : QString());
}

QString WrittenLook::words() const {
    return m_words->text();
}

}  // namespace lab
