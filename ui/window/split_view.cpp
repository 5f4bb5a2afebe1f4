#include "ui/window/split_view.h"

#include <QHBoxLayout>
#include <QMenu>
#include <QPainter>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/scenes/run_style.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/named.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/series_pen.h"
#include "ui/window/page_book.h"

namespace lab {
namespace {

constexpr int titleHeight = 28;  // logical px at 100 %
/// Side by side while a page has at least this share of the width it asks for; else one above the other.
constexpr double leastShare = 0.72;

}  // namespace

/// Which run stands below: line and name, and at its right what can be done.
class SplitView::Title : public QWidget {
public:
    explicit Title(QWidget* parent) : QWidget(parent), controls(new QHBoxLayout(this)) {
        controls->setContentsMargins(0, 0, Theme::instance().px(8), 0);
        controls->addStretch();
        hide();
    }

    void setRun(const Run* run) {
        m_name = run ? run->name() : QString();
        m_role = run ? seriesRole(run->series()) : Role::series1;
        setFixedHeight(Theme::instance().px(titleHeight));
        update();
    }

    QHBoxLayout* controls;

protected:
    void paintEvent(QPaintEvent*) override {
        const Theme& theme = Theme::instance();
        QPainter painter(this);
        const int left = theme.px(8), middle = height() / 2;
        painter.setPen(seriesPen(m_role, 2.2));
        painter.drawLine(QPointF(left, middle + 0.5), QPointF(left + theme.px(30), middle + 0.5));
        painter.setFont(theme.font(TextSize::text, true));
        painter.setPen(theme.color(Role::text));
        painter.drawText(rect().adjusted(left + theme.px(38), 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, m_name);
        drawHairline(painter, QPointF(0, height() - 1), QPointF(width(), height() - 1), theme.color(Role::hairline));
    }

private:
    QString m_name;
    Role m_role = Role::series1;
};

SplitView::SplitView(Focus& focus, Workspace& workspace, QStackedWidget* pages, QWidget* parent)
    : QWidget(parent), m_leader(focus), m_workspace(workspace), m_link(focus, m_focus), m_pages(pages) {
    m_link.setActive(false);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    m_splitter = new QSplitter;
    m_splitter->setChildrenCollapsible(false);
    layout->addWidget(m_splitter);
    const auto column = [this](QWidget* content, Title*& title) {
        auto* side = new QWidget;
        auto* rows = new QVBoxLayout(side);
        rows->setContentsMargins(0, 0, 0, 0);
        rows->setSpacing(0);
        title = new Title(side);
        rows->addWidget(title);
        rows->addWidget(content, 1);
        m_splitter->addWidget(side);
        return side;
    };
    column(pages, m_firstTitle);
    m_secondStack = new QStackedWidget;
    m_second = column(m_secondStack, m_secondTitle);
    m_second->hide();

    auto* choose = named("window.split.run", new Button(tr("Other run")));
    choose->setHeight(20);
    choose->setGlyph(Glyph::chevronDown);
    auto* menu = new QMenu(choose);
    choose->setMenu(menu);
    connect(menu, &QMenu::aboutToShow, this, [this, menu] {
        menu->clear();
        for (Run* run : m_workspace.runs())
            if (run != m_leader.run())
                connect(menu->addAction(run->name()), &QAction::triggered, this, [this, run = QPointer<Run>(run)] {
                    if (run) setSecondRun(run);
                });
        numberActions(*menu, menu->parent()->objectName());
    });
    auto* close = named("window.split.close", new Button(tr("Close")));
    close->setHeight(20);
    close->setToolTip(tr("One run only (Ctrl+B)"));
    connect(close, &Button::clicked, this, [this] { setSecondRun(nullptr); });
    m_secondTitle->controls->addWidget(choose);
    m_secondTitle->controls->addWidget(close);

    connect(&focus, &Focus::runChanged, this, &SplitView::keepApart);
    connect(&workspace, &Workspace::runAboutToBeRemoved, this, [this](Run* run) {
        if (run == m_run) setSecondRun(nullptr);
    });
    whenThemed(this, &SplitView::showTitles);
}

SplitView::~SplitView() = default;

void SplitView::makeSecondPages() {
    if (m_secondPages) return;
    m_secondPages = std::make_unique<PageBook>(m_focus, nullptr, *m_secondStack);
    connect(m_secondPages.get(), &PageBook::made, this, &SplitView::takePage);
}

void SplitView::takePage(Page* page) {
    prependName(QStringLiteral("second"), *page);
    connect(page, &Page::placeWanted, this, &SplitView::placeWanted);
    connect(page, &Page::settingWanted, this, &SplitView::settingWanted);
    emit pageMade(page);
}

Page* SplitView::secondPage() const {
    return m_secondPages ? m_secondPages->ifMade(static_cast<std::size_t>(m_index)) : nullptr;
}

bool SplitView::toggle() {
    if (isSplit()) {
        setSecondRun(nullptr);
        return true;
    }
    const std::vector<Run*>& runs = m_workspace.runs();
    if (runs.size() < 2) return false;
    const auto shown = std::find(runs.begin(), runs.end(), m_leader.run());
    setSecondRun(shown == runs.end() || shown + 1 == runs.end() ? runs.front() : *(shown + 1));
    return true;
}

void SplitView::setSecondRun(Run* run) {
    if (run == m_leader.run()) run = nullptr;
    const bool was = isSplit();
    m_run = run;
    m_before = m_leader.run();
    if (run) makeSecondPages();
    m_link.setActive(run != nullptr);
    m_link.setRun(run);
    setPage(m_index);
    if (was != isSplit()) emit splitChanged(isSplit());
}

/// The two sides never show the same run: who takes the other's place gets its own.
void SplitView::keepApart() {
    if (isSplit() && m_leader.run() == m_run) {
        Run* before = m_before;
        const auto& runs = m_workspace.runs();
        const bool open = before && before != m_run && std::find(runs.begin(), runs.end(), before) != runs.end();
        setSecondRun(open ? before : nullptr);
    } else if (isSplit()) {
        m_link.setRun(m_run);  // where the other one is now
    }
    m_before = m_leader.run();
    showTitles();
}

void SplitView::setPage(int index) {
    m_index = index;
    Page* page = isSplit() ? (*m_secondPages)[static_cast<std::size_t>(index)] : nullptr;
    if (page) m_secondStack->setCurrentIndex(index);
    m_second->setVisible(page != nullptr);
    m_firstTitle->setVisible(page != nullptr);
    m_secondTitle->setVisible(page != nullptr);
    showTitles();
    arrange();
}

void SplitView::showTitles() {
    m_firstTitle->setRun(m_leader.run());
    m_secondTitle->setRun(m_run);
}

void SplitView::resizeEvent(QResizeEvent*) {
    arrange();
}

void SplitView::arrange() {
    const Page* page = secondPage();
    if (!isSplit() || !page) return;
    const bool beside = width() / 2.0 >= leastShare * page->minimumSizeHint().width();
    m_splitter->setOrientation(beside ? Qt::Horizontal : Qt::Vertical);
    const int half = (beside ? width() : height()) / 2;
    m_splitter->setSizes({half, half});
}

}  // namespace lab
