#include "ui/window/page_book.h"

#include <QScrollArea>
#include <QStackedWidget>
#include <algorithm>

#include "ui/window/page_table.h"

namespace lab {
namespace {

/// In the order of Tab a page stands where its frame does, whenever it was made: Qt would put it behind all that is there.
void takeTurnBehind(QWidget& frame, QWidget& page) {
    std::vector<QWidget*> inside;
    for (QWidget* each = &page; each == &page || page.isAncestorOf(each); each = each->nextInFocusChain())
        if (each->focusPolicy() != Qt::NoFocus) inside.push_back(each);
    frame.setFocusPolicy(Qt::TabFocus);  // setTabOrder() passes over what never has the focus
    QWidget* before = &frame;
    for (QWidget* each : inside) {
        QWidget::setTabOrder(before, each);
        before = each;
    }
    frame.setFocusPolicy(Qt::NoFocus);
}

}  // namespace

PageBook::PageBook(Focus& focus, Workspace* workspace, QStackedWidget& stack, QObject* parent)
    : QObject(parent), m_focus(focus), m_workspace(workspace) {
    for (std::size_t i = 0; i < pageTable().size(); ++i) {
        m_places.push_back({scrolled(nullptr)});
        stack.addWidget(m_places.back().frame);
    }
}

Page* PageBook::operator[](std::size_t index) {
    const PageRow& row = pageTable()[index];
    Place& place = m_places[index];
    if (place.page || (row.ofSeveralRuns && !m_workspace)) return place.page;
    place.page = row.make(m_focus, m_workspace, nullptr);
    setScrolled(*place.frame, *place.page);
    takeTurnBehind(*place.frame, *place.page);
    emit made(place.page);
    return place.page;
}

int PageBook::indexOf(const QString& name) {
    const auto found = std::ranges::find_if(pageTable(), [&name](const PageRow& row) { return row.name() == name; });
    return found == pageTable().end() ? -1 : static_cast<int>(found - pageTable().begin());
}

QJsonObject PageBook::notes() const {
    QJsonObject notes;
    for (const Place& place : m_places)
        if (const QJsonObject own = place.page ? place.page->notes() : QJsonObject(); !own.isEmpty()) notes[place.page->iconName()] = own;
    return notes;
}

void PageBook::takeNotes(const QJsonObject& notes) {
    for (std::size_t i = 0; i < size(); ++i)
        if (const QJsonValue own = notes[pageTable()[i].name()]; own.isObject())
            if (Page* page = (*this)[i]) page->takeNotes(own.toObject());
}

void PageBook::takeOver(const PageBook& other) {
    for (std::size_t i = 0; i < size(); ++i)
        if (const Page* before = other.ifMade(i)) (*this)[i]->takeOver(*before);
}

}  // namespace lab
