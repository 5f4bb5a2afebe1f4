#include "ui/pages/text/tokenizer_dialog.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QProgressBar>
#include <QSpinBox>
#include <QVBoxLayout>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/platform_files.h"
#include "ui/pages/text/piece_limits.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/caption.h"
#include "ui/widgets/error_strip.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"

namespace lab {
namespace {

constexpr int progressSteps = 1000;
constexpr int dialogWidth = 460, margin = 16, gap = 10;  // logical px at 100 %

}  // namespace

TokenizerDialog::TokenizerDialog(std::shared_ptr<const std::string> corpus, const QString& corpusName, QWidget* parent)
    : QDialog(parent), m_corpus(std::move(corpus)) {
    setWindowTitle(tr("Train a tokenizer"));
    m_of = new ThemedLabel(
        tr("Byte-pair encoding learns the pieces of '%1', %2 bytes: again and again the pair of neighbours that stands there "
           "most often becomes one.")
            .arg(corpusName, grouped(static_cast<std::int64_t>(m_corpus->size()))));
    m_of->setWordWrap(true);
    m_pieces = named("text.training.pieces", new QSpinBox);
    m_pieces->setRange(leastPieces, mostPieces);
    m_pieces->setValue(TokenizerSource().pieces);
    m_pieces->setAccessibleName(tr("Pieces"));
    m_progress = new QProgressBar;
    m_progress->setRange(0, progressSteps);
    m_progress->setTextVisible(false);
    m_progress->setAccessibleName(tr("Progress"));
    m_said = new ThemedLabel({}, TextSize::axis, Role::muted);
    m_strip = new ErrorStrip;
    m_strip->hide();
    m_train = named("text.training.train", new Button(tr("Train")));
    m_train->setWidthFor({tr("Train"), tr("Cancel")});
    m_save = named("text.training.save", new Button(tr("Save as tokenizer.json…")));
    m_show = named("text.training.show", new Button(tr("Show its tokens")));
    m_close = named("text.training.close", new Button(tr("Close")));
    arrange();
    connect(m_train, &QPushButton::clicked, this, &TokenizerDialog::toggle);
    connect(m_save, &QPushButton::clicked, this, [this] {
        const QString path =
            QFileDialog::getSaveFileName(this, tr("Save the tokenizer"), QStringLiteral("tokenizer.json"), tr("Tokenizers (*.json)"));
        if (!path.isEmpty()) saveTo(path);
    });
    connect(m_show, &QPushButton::clicked, this, [this] { emit made(m_training.pieces(), m_training.json()); });
    connect(m_close, &QPushButton::clicked, this, &TokenizerDialog::reject);
    connect(&m_training, &TokenizerTraining::progressed, this,
            [this](double share) { m_progress->setValue(qRound(share * progressSteps)); });
    connect(&m_training, &TokenizerTraining::finished, this, &TokenizerDialog::finish);
    followTheme(this, &TokenizerDialog::applyMeasures);
    follow();
}

TokenizerDialog::~TokenizerDialog() = default;

void TokenizerDialog::arrange() {
    auto* column = new QVBoxLayout(this);
    column->addWidget(m_of);
    auto* row = new QHBoxLayout;
    row->addWidget(new Caption(tr("Pieces"), m_pieces));
    row->addWidget(m_pieces);
    row->addWidget(m_progress, 1);
    row->addWidget(m_train);
    column->addLayout(row);
    column->addWidget(m_said);
    column->addWidget(m_strip);
    column->addStretch();
    auto* ends = new QHBoxLayout;
    ends->addWidget(m_save);
    ends->addWidget(m_show);
    ends->addStretch();
    ends->addWidget(m_close);
    column->addLayout(ends);
}

void TokenizerDialog::applyMeasures() {
    const Theme& theme = Theme::instance();
    setMinimumWidth(theme.px(dialogWidth));
    layout()->setContentsMargins(theme.px(margin), theme.px(margin), theme.px(margin), theme.px(margin));
    layout()->setSpacing(theme.px(gap));
    m_pieces->setFixedHeight(theme.px(24));
    m_progress->setFixedHeight(theme.px(8));
}

void TokenizerDialog::toggle() {
    m_strip->hide();
    m_problem.clear();
    if (m_training.running()) {
        m_training.cancel();
        m_said->setText(tr("Cancelled."));
    } else {
        m_said->setText(tr("Counting words, then joining pairs…"));
        m_training.start(m_corpus, m_pieces->value());
    }
    follow();
}

void TokenizerDialog::finish(const QString& problem) {
    if (!problem.isEmpty()) fail(tr("No tokenizer was trained"), problem);
    const int wanted = m_pieces->value(), found = m_training.pieces();
    m_said->setText(!problem.isEmpty() ? QString()
                    : found < wanted   ? tr("%1 pieces: no pair is left to be joined.").arg(grouped(found))
                                       : tr("%1 pieces: the 256 bytes and %2 merges.").arg(grouped(found), grouped(found - leastPieces)));
    follow();
}

void TokenizerDialog::follow() {
    const bool running = m_training.running(), done = !m_training.json().empty();
    m_train->setText(running ? tr("Cancel") : tr("Train"));
    m_pieces->setEnabled(!running);
    if (!running) m_progress->setValue(done ? progressSteps : 0);
    m_save->setEnabled(done && !running);
    m_show->setEnabled(done && !running);
}

QString TokenizerDialog::said() const {
    return m_said->text();
}

void TokenizerDialog::saveTo(const QString& path) {
    try {
        replaceFile(pathFromUtf8(path.toStdString()), {m_training.json()});
        m_strip->hide();
        m_problem.clear();
        m_said->setText(tr("Saved as %1.").arg(path));
    } catch (const InputError& error) {
        fail(tr("The tokenizer was not saved"), shown(error));
    }
}

void TokenizerDialog::fail(const QString& what, const QString& why) {
    m_problem = why;
    m_strip->setTexts(what, why);
    m_strip->show();
}

void TokenizerDialog::reject() {
    m_training.cancel();
    follow();
    QDialog::reject();
}

}  // namespace lab
