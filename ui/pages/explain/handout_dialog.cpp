#include "ui/pages/explain/handout_dialog.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QListWidget>
#include <QScreen>
#include <QScrollArea>
#include <QScrollBar>
#include <QVBoxLayout>
#include <algorithm>

#include "core/base/errors.h"
#include "core/explain/handout.h"
#include "ui/text/message_text.h"
#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/error_strip.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/named.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/themed_label.h"
#include "ui/widgets/walk_handout.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int stageListWidth = 270;
constexpr int stageListHeight = 240;
constexpr int roomAround = 90;  ///< of the buttons, and of the window's frame
constexpr int pageWidth = 264;
constexpr int pageGap = 10;
constexpr int pagesAbreast = 2;
constexpr double sharp = 2.0;  ///< px of a page's picture for each of the screen's

}  // namespace

/// The pages beside one another, as they will be printed.
class HandoutDialog::Preview : public QWidget {
public:
    Preview() {
        const Theme& theme = Theme::instance();
        const int rows = mostPages / pagesAbreast;
        setFixedSize(theme.px(pagesAbreast * (pageWidth + pageGap)), static_cast<int>(rows * (pageHigh() + theme.px(pageGap))));
    }
    void setPages(const HandoutPages& pages) {
        m_images.clear();
        for (int page = 0; page < std::min(pages.count(), mostPages); ++page) {
            const QSizeF size(Theme::instance().px(pageWidth) * sharp, pageHigh() * sharp);
            QImage image(size.toSize(), QImage::Format_RGB32);
            image.fill(Qt::white);
            QPainter painter(&image);
            painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
            painter.scale(size.width() / HandoutPages::paper().width(), size.width() / HandoutPages::paper().width());
            painter.translate(HandoutPages::margin(), HandoutPages::margin());
            pages.paint(painter, page);
            m_images.push_back(image);
        }
        update();
    }

protected:
    void paintEvent(QPaintEvent*) override {
        const Theme& theme = Theme::instance();
        QPainter painter(this);
        painter.setRenderHint(QPainter::SmoothPixmapTransform);
        for (std::size_t i = 0; i < m_images.size(); ++i) {
            const auto column = static_cast<int>(i) % pagesAbreast, row = static_cast<int>(i) / pagesAbreast;
            const QRectF place(column * theme.px(pageWidth + pageGap), row * (pageHigh() + theme.px(pageGap)), theme.px(pageWidth),
                               pageHigh());
            painter.drawImage(place, m_images[i]);
            painter.setPen(theme.color(Role::controlBorder));
            painter.drawRect(place.adjusted(0, 0, -1, -1));
        }
    }

private:
    static double pageHigh() { return Theme::instance().px(pageWidth) * HandoutPages::paper().height() / HandoutPages::paper().width(); }

    std::vector<QImage> m_images;
};

HandoutDialog::HandoutDialog(explain::Walk walk, explain::WalkTitle title, QWidget* parent)
    : QDialog(parent), m_walk(std::move(walk)), m_title(std::move(title)) {
    const Theme& theme = Theme::instance();
    setWindowTitle(tr("Handout"));
    setObjectName(QStringLiteral("handout dialog"));
    m_stages = named("explain.handout.stages", new QListWidget);
    m_stages->setAccessibleName(tr("Stages"));
    m_stages->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_stages->setTextElideMode(Qt::ElideRight);
    m_stages->setMinimumSize(theme.px(stageListWidth), theme.px(stageListHeight));
    for (std::size_t i = 0; i < m_walk.stages.size(); ++i) {
        const explain::Stage& stage = m_walk.stages[i];
        auto* item = new QListWidgetItem(QStringLiteral("%1. %2").arg(i + 1).arg(plainFormula(shown(stage.heading))), m_stages);
        item->setFlags(item->flags() | Qt::ItemIsUserCheckable);
        item->setCheckState(Qt::Unchecked);
        item->setToolTip(item->text());
    }
    m_kind = named("explain.handout.kind", new SegmentedControl({tr("Handout"), tr("Worksheet")}, tr("Kind")));
    m_kind->setChoiceToolTip(1, tr("With numbers to be worked out; the solution is saved beside it"));
    m_preview = new Preview;
    m_said = new ThemedLabel({}, TextSize::text, Role::muted);
    m_said->setWordWrap(true);
    m_problem = named("explain.handout.problem", new ErrorStrip);
    m_problem->hide();
    m_save = named("explain.handout.save", new Button(tr("Save as PDF\u2026")));
    m_save->setDefault(true);
    auto* markdown = named("explain.handout.markdown", new Button(tr("Whole walk as Markdown\u2026")));
    auto* close = named("explain.handout.close", new Button(tr("Close")));
    for (Button* button : {markdown, close}) button->setAutoDefault(false);

    auto* layout = new QVBoxLayout(this);
    auto* parts = new QHBoxLayout;
    auto* left = new QVBoxLayout;
    left->addWidget(m_kind);
    left->addWidget(m_stages, 1);
    left->addWidget(m_said);
    parts->addLayout(left);
    auto* around = new QScrollArea;
    around->setFrameShape(QFrame::NoFrame);
    around->setFocusPolicy(Qt::NoFocus);
    around->setWidget(m_preview);
    around->setMinimumWidth(m_preview->width() + around->verticalScrollBar()->sizeHint().width());
    parts->addWidget(around);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(markdown);
    buttons->addStretch();
    buttons->addWidget(m_save);
    buttons->addWidget(close);
    layout->addLayout(parts);
    layout->addWidget(m_problem);
    layout->addLayout(buttons);
    connect(m_kind, &SegmentedControl::chosen, this, &HandoutDialog::follow);
    connect(m_stages, &QListWidget::itemChanged, this, &HandoutDialog::follow);
    connect(close, &Button::clicked, this, &QDialog::reject);
    connect(m_save, &Button::clicked, this,
            [this] { askAndSave(m_kind->current() ? tr("worksheet.pdf") : tr("handout.pdf"), tr("PDF (*.pdf)")); });
    connect(markdown, &Button::clicked, this, [this] { askAndSave(tr("walk.md"), tr("Markdown (*.md)")); });
    choose(explain::usualHandout(m_walk));
    const QSize room = screen()->availableSize();
    resize(sizeHint()
               .boundedTo({room.width(), room.height() - theme.px(roomAround)})
               .expandedTo({0, std::min(m_preview->height() + theme.px(roomAround), room.height() - theme.px(roomAround))}));
}

void HandoutDialog::choose(const std::vector<std::string>& stages) {
    {
        const QSignalBlocker quiet(m_stages);
        for (int i = 0; i < m_stages->count(); ++i) {
            const std::string& id = m_walk.stages[static_cast<std::size_t>(i)].id;
            m_stages->item(i)->setCheckState(std::ranges::find(stages, id) != stages.end() ? Qt::Checked : Qt::Unchecked);
        }
    }
    follow();
}

void HandoutDialog::setWorksheet(bool on) {
    m_kind->setCurrent(on ? 1 : 0);
    follow();
}

std::vector<std::string> HandoutDialog::checkedStages() const {
    std::vector<std::string> stages;
    for (int i = 0; i < m_stages->count(); ++i)
        if (m_stages->item(i)->checkState() == Qt::Checked) stages.push_back(m_walk.stages[static_cast<std::size_t>(i)].id);
    return stages;
}

Handout HandoutDialog::handout() const {
    return {checkedStages(), m_kind->current() == 1 ? Handout::Kind::worksheet : Handout::Kind::explained};
}

bool HandoutDialog::maySave() const {
    return m_count >= 1 && m_count <= mostPages;
}

void HandoutDialog::follow() {
    explain::Walk none;
    {
        const PrintTheme paper;
        const Handout wanted = handout();
        const HandoutPages pages(wanted.stages.empty() ? none : m_walk, m_title, wanted);
        m_count = pages.count();
        m_preview->setPages(pages);
    }
    m_said->setText(
        m_count == 0 ? tr("Choose the stages to be printed.")
        : m_count > mostPages
            ? tr("%1 pages, of which the first %2 are shown: a handout has at most %2. Choose fewer stages.").arg(m_count).arg(mostPages)
            : counted(LAB_PLURAL("explain", "%n page(s), A4; no letter is smaller than 8 pt"), m_count));
    m_save->setEnabled(maySave());
    describePicture(m_preview, tr("Pages"), m_said->text());
    m_problem->hide();
}

bool HandoutDialog::save(const QString& path) {
    m_problem->hide();
    try {
        Handout wanted = handout();
        writeHandout(path, m_walk, m_title, wanted);
        if (wanted.kind != Handout::Kind::worksheet || !path.endsWith(QLatin1String(".pdf"), Qt::CaseInsensitive)) return true;
        wanted.kind = Handout::Kind::solution;
        const QFileInfo file(path);
        writeHandout(file.dir().filePath(tr("%1-solution.pdf").arg(file.completeBaseName())), m_walk, m_title, wanted);
        return true;
    } catch (const InputError& error) {
        m_problem->setTexts(tr("The handout was not saved"), shown(messageOf(error)));
        m_problem->show();
        return false;
    }
}

void HandoutDialog::askAndSave(const QString& suggestion, const QString& filter) {
    const QString path = QFileDialog::getSaveFileName(this, tr("Handout"), suggestion, filter);
    if (!path.isEmpty() && save(path)) accept();
}

}  // namespace lab
