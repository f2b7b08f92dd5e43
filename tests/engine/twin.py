"""The market once more, as plain loops over one firm, one segment and one game, with Python's own exp and log.

Written from the equations (model: choice, stickiness, adoption, volume, tenders, double entry), not from the arrays:
slow, short-sighted and easy to check by hand. It plays one quarter without cards and without sales of firms.
"""

from __future__ import annotations

from math import ceil, exp, log
from typing import Any

from game.engine.draws import Purpose, normals, slot_keys, words
from game.engine.names import LEVER, LINES, SEGMENTS, SOURCES
from game.engine.quarter_draws import LOTS, QuarterDraws
from game.engine.rules import Rules
from game.engine.state import CHANNEL, State

V = range(len(SEGMENTS))
S = range(len(SOURCES))
VERTICAL = range(2, len(SEGMENTS))


def logistic(x: float) -> float:
    return 1.0 / (1.0 + exp(-x))


def within(x: float, low: float, high: float) -> float:
    return min(max(x, low), high)


def whole_fen(cny: float) -> int:
    return round(cny * 100.0)


class Twin:
    """One quarter of game ``g`` of the batch; ``levers`` are those that the rules admitted, (levers, F)."""

    def __init__(self, rules: Rules, s: State, levers: Any, g: int) -> None:
        self.rules, self.p, self.q = rules, rules.params, s.quarter
        self.s = {n: getattr(s, n)[..., g].tolist() for n in s.__dataclass_fields__ if n != "quarter"}
        self.levers = levers[..., g].tolist()
        draws = QuarterDraws(s.seed, s.quarter, rules.firms)
        names = ("raise", "adoption", "tender_size", "tender_segment", "tender_terms", "tender_noise")
        self.z = {n: draws[n][:, g].tolist() for n in names}
        self.firms = range(rules.firms)
        self.talk = [self.fashion(s.seed[:, g : g + 1], f) for f in self.firms]
        self.alive = [x == 0 for x in self.s["status"]]
        self.lines = {n: [0] * rules.firms for n in LINES}
        self.cap = [self.capability(x) for x in self.s["lnc"]]

    # helpers -----------------------------------------------------------------------------------------------------

    def capability(self, lnc: float) -> float:
        return 1.0 - self.p.cap_span * exp(-self.p.cap_power * lnc)

    def fashion(self, seed: Any, f: int) -> float:
        """Talk about a firm: this quarter's chance and that of the three before it, halved."""
        key = slot_keys([(Purpose.FASHION, f)])
        year = [float(normals(words(seed, key, self.q - back))[0, 0]) for back in range(4)]
        return self.p.fashion_noise * sum(year) / 2.0

    def hires(self, f: int) -> float:
        many, there = sum(self.hiring[f]), sum(self.staff[f])
        return many * self.p.hire_cost * (1.0 + self.p.hire_strain * many / (there + self.p.hire_team))

    def trait(self, name: str, f: int) -> float:
        return float(getattr(self.rules.traits, name)[f, 0])

    def lever(self, name: str, f: int) -> float:
        return self.levers[LEVER[name]][f]

    def shift(self, channel: str, f: int) -> float:
        return self.s["shifts"][CHANNEL[channel]][0][f]

    def route(self, name: str, f: int) -> float:
        return float(getattr(self.p, name)[self.s["route"][f]])

    def post(self, line: str, f: int, cny: float) -> int:
        amount = whole_fen(cny) if self.alive[f] else 0
        self.lines[line][f] += amount
        return amount

    # the quarter --------------------------------------------------------------------------------------------------

    def play(self) -> None:
        self.finance()
        self.compute()
        self.people()
        self.stocks()
        self.demand()
        self.tenders()
        self.delivery()
        self.ledger()

    def finance(self) -> None:
        p, s = self.p, self.s
        best = max((self.cap[f] for f in self.firms if self.alive[f]), default=0.0)
        self.debt = list(s["debt"])
        for f in self.firms:
            if not self.alive[f]:
                continue
            factor = 1.0 + p.investor_credibility * (s["credibility"][f] - 0.5)
            factor += p.investor_sentiment * (s["sentiment"] - p.sentiment_normal)
            price = max(s["equity"][f], p.round_floor) * within(factor, p.round_low, p.round_high)
            ask = min(max(self.lever("finance.raise", f), 0.0), p.raise_limit * price)
            yearly = 4.0 * s["revenue"][f]
            fill = p.raise_fill + p.raise_sentiment * (s["sentiment"] - p.sentiment_normal)
            fill += p.raise_capability * (self.cap[f] - best)
            fill += p.raise_income * (yearly / (yearly + p.raise_revenue) if yearly > 0 else 0.0)
            fill += p.raise_credibility * (s["credibility"][f] - 0.5) - p.raise_again * max(3.0 - s["raised"][f], 0.0) / 3.0
            fill -= p.fringe_funding * sum(s["fringe"]) / 100.0
            fill = within(fill + self.shift("funding", f), 0.0, 1.0)
            self.post("funding", f, ask * within(fill + p.raise_noise * self.z["raise"][f], 0.0, 1.0))
            budget = self.trait("budget", f)
            for _ in range(self.q):
                budget *= 1.0 + self.trait("budget_growth", f)
            self.post("funding", f, budget)
            room = (p.borrow_equity * s["equity"][f] + p.borrow_revenue * yearly) * self.trait("credit", f)
            room = max(room - s["debt"][f] / 100.0, 0.0)
            loan = max(min(self.lever("finance.borrow", f), room), -s["debt"][f] / 100.0)
            self.debt[f] += self.post("borrowing", f, loan)

    def compute(self) -> None:
        p, s = self.p, self.s
        queue = p.pool_limit / max(sum(s["due"][f][3][0] for f in self.firms), p.pool_limit)
        self.machines = [0.0] * len(self.firms)
        self.due = [[list(slots) for slots in firm] for firm in s["due"]]
        self.bill = [[list(slots) for slots in firm] for firm in s["bill"]]
        rent = 0
        for f in self.firms:
            now = [s["due"][f][i][0] for i in S]
            got = now[0] * p.source_delivery[0] + now[1] * p.source_delivery[1] * p.framework_support[self.q]
            got += now[2] * p.source_delivery[2] + now[3] * p.source_delivery[3] * queue
            self.machines[f] = got * (1.0 + self.shift("capacity", f)) if self.alive[f] else 0.0
            bill = [s["bill"][f][i][0] for i in S]
            self.post("compute", f, -(bill[0] + bill[1] + bill[3]))
            rent -= self.post("rent", f, -bill[2])
            self.post("energy", f, -sum(now[i] * p.source_energy[i] for i in S))
            self.order(f)
        clouds = [f for f in self.firms if self.alive[f] and self.trait("cloud", f) > 0]
        for k, f in enumerate(clouds):
            self.lines["rent_income"][f] += rent // len(clouds) + (k < rent % len(clouds))

    def order(self, f: int) -> None:
        p, s = self.p, self.s
        term = within(round(self.lever("compute.term", f)), 1, 4)
        for i, source in enumerate(SOURCES):
            lead = int(p.lead[i])
            size = max(self.lever(f"compute.{source}", f) - self.due[f][i][lead], 0.0) if self.alive[f] else 0.0
            if source == "import":
                filled = p.import_supply[self.q] * self.trait("import_access", f)
                size *= within(filled * (1.0 + self.shift("import_supply", f)), 0.0, 1.0)
            price = s["compute_price"] * p.source_price[i] * (1.0 - p.term_discount * (term - 1.0))
            price *= 1.0 + self.shift("compute_price", f)
            for ahead in range(lead, lead + int(term)):
                self.due[f][i][ahead] += size
                self.bill[f][i][ahead] += size * price

    def people(self) -> None:
        p, s = self.p, self.s
        self.staff = [[0] * len(V) for _ in self.firms]
        self.hiring = [[0] * len(V) for _ in self.firms]
        for f in self.firms:
            for v in V:
                if not self.alive[f]:
                    continue
                target = round(self.lever(f"staff.{SEGMENTS[v]}", f))
                stay = round((s["staff"][f][v] + s["hiring"][f][v]) * (1.0 - p.attrition))
                kept = int(max(target, ceil(stay * (1.0 - p.fire_limit)))) if target < stay else stay
                self.staff[f][v], self.hiring[f][v] = kept, max(target - kept, 0)

    def stocks(self) -> None:
        """Knowledge, freshness, community, and the accuracy that follows."""
        p, s = self.p, self.s
        self.knowledge = [list(x) for x in s["knowledge"]]
        self.freshness = [list(x) for x in s["freshness"]]
        self.community = list(s["community"])
        self.acc = [[0.0] * len(V) for _ in self.firms]
        for f in self.firms:
            crowd = s["community"][f]
            for v in V if self.alive[f] else ():
                spent = self.lever(f"knowledge.{SEGMENTS[v]}", f) if v >= 2 else 0.0
                old, fresh = s["knowledge"][f][v], s["freshness"][f][v]
                need = p.knowledge_upkeep * old
                kept = min(spent / need, 1.0) if need > 0 else 1.0
                build = max(spent - need, 0.0) / p.knowledge_unit
                build /= 1.0 + build / p.knowledge_pace
                gift = p.knowledge_community * self.route("openness", f) * crowd / (crowd + p.community_half) if old > 0.5 else 0.0
                self.knowledge[f][v] = old * (1.0 - p.knowledge_decay) + build + gift
                fresh += -p.freshness_loss[v] * (1.0 - kept) * fresh + p.freshness_restore * kept * (1.0 - fresh)
                self.freshness[f][v] = within(fresh, 0.0, 1.0)
            if self.alive[f]:
                money = self.lever("community.budget", f)
                tools = 1.0 + p.tools_gain * (money / (money + p.join_budget) if money > 0 else 0.0)
                pull = self.route("join_openness", f) * self.cap[f] * tools
                people = self.staff[f][0]
                pull *= 1.0 + p.join_staff * people / (people + p.join_people)
                joined = p.join_rate * pull * (1.0 + crowd / (crowd + p.snowball_half))
                need = p.community_upkeep * crowd
                care = min(money / need, 1.0) if need > 0 else 1.0
                self.community[f] = max(crowd + joined - crowd * (p.leave_rate + p.leave_neglect * (1.0 - care)), 0.0)
            general = p.general_floor + p.general_slope * self.cap[f]
            for v in V:
                learnt = (1.0 - exp(-p.knowledge_rate * self.knowledge[f][v])) * self.freshness[f][v]
                self.acc[f][v] = general + max(p.accuracy_ceiling[v] - general, 0.0) * learnt

    def utility(self, f: int, v: int) -> float:
        p, s = self.p, self.s
        price = self.lever(("price.token", "price.app", "price.solution")[min(v, 2)], f)
        hassle = p.price_hassle[min(v, 2)]
        reference = (p.token_price_reference, 0.0, 1.0)[min(v, 2)]
        quality = p.capability_weight[v] * self.cap[f] + (1.0 - p.capability_weight[v]) * self.acc[f][v]
        staff = self.staff[f][v]
        bonus = self.route("deployment_bonus", f) if v >= 2 else 0.0
        if v == 1:
            bonus = self.route("app_bonus", f) + self.trait("app_traffic", f)
        u = p.quality_weight[v] * quality - p.price_weight[v] * log((price + hassle) / (reference + hassle))
        u += p.trust_weight[v] * s["trust"][f] + p.community_weight[v] * log(1.0 + self.community[f] / p.community_crowd)
        u += p.habit_weight[v] * s["habit"][f][v] + self.shift(f"utility.{SEGMENTS[v]}", f) + bonus
        u += self.talk[f]
        return u + p.nest * log((staff + 0.01) / (staff + p.reach_staff[v] + 0.01))

    def demand(self) -> None:
        p, s = self.p, self.s
        frontier = max(*s["released"], p.foreign_open[self.q])
        opened = [s["lne"][f] for f in self.firms if s["released"][f] > -49.0]
        efficiency = max([*opened, p.foreign_efficiency[self.q]])
        cost = p.self_host_cost * s["compute_price"] * exp(-efficiency) / p.token_capacity
        ln_cost = log((cost + p.price_hassle[0]) / (p.token_price_reference + p.price_hassle[0]))
        many = [[0.0] * len(V) for _ in self.firms]
        self.share, self.outside_share = [list(x) for x in many], [0.0] * len(V)
        self.customers, self.hosted = [list(x) for x in many], [list(x) for x in many]
        self.new_leads = [list(x) for x in many]
        self.outside, self.adopters = [0.0] * len(V), [0.0] * len(V)
        for v in V:
            here = self.rules.segments[v, 0] > 0
            u_out = p.outside_base[v] + p.outside_open[v] * self.capability(frontier) - p.outside_cost[v] * ln_cost
            u_out += p.fringe_weight[v] * log(1.0 + sum(s["fringe"]) / 100.0)
            e = [exp(self.utility(f, v) / p.nest) if self.alive[f] and here else 0.0 for f in self.firms]
            nest = 1.0 / (1.0 + exp(u_out - p.nest * log(sum(e)))) if sum(e) > 0 else 0.0
            self.outside_share[v] = 1.0 - nest
            new = self.adoption(v)
            back = [s["customers"][f][v] * self.again(f, v) for f in self.firms]
            hosts = [s["hosted"][f][v] * p.churn[v] for f in self.firms]
            pool = new + sum(back) + sum(hosts) + s["outside"][v] * p.churn[v]
            self.outside[v] = s["outside"][v] * (1.0 - p.churn[v]) + self.outside_share[v] * pool
            self.adopters[v] = s["adopters"][v] + new
            for f in self.firms:
                self.share[f][v] = e[f] / sum(e) * nest if sum(e) > 0 else 0.0
                chosen = self.share[f][v] * pool
                paying = chosen * self.paying(f, v)
                self.customers[f][v] = s["customers"][f][v] - back[f] + (paying if v < 2 else 0.0)
                self.hosted[f][v] = s["hosted"][f][v] - hosts[f] + chosen - paying
                if v >= 2:
                    crowd = 1.0 + p.community_leads * self.community[f] / (self.community[f] + p.community_half)
                    self.new_leads[f][v] = paying * crowd * (1.0 + self.shift("leads_rate", f))

    def adoption(self, v: int) -> float:
        p, s = self.p, self.s
        if self.rules.segments[v, 0] == 0 or (SEGMENTS[v] == "devices" and self.q < p.devices_open):
            return 0.0
        w = p.capability_weight[v]
        best = max([w * self.cap[f] + (1.0 - w) * self.acc[f][v] if self.alive[f] else 0.0 for f in self.firms])
        hazard = p.bass_innovation[v] + p.bass_imitation[v] * s["adopters"][v] / p.potential[v]
        gate = logistic((best - p.accuracy_threshold[v]) / p.accuracy_spread)
        cheap = log(p.token_price_reference / max(s["price_third"], 1e-3))
        boost = exp(p.adoption_noise * self.z["adoption"][v] + p.adoption_price * cheap)
        return within(hazard * gate * boost, 0.0, p.adoption_cap) * max(p.potential[v] - s["adopters"][v], 0.0)

    def again(self, f: int, v: int) -> float:
        """Part of a firm's customers who choose again: a churn fraction, or all once the firm has gone."""
        return within(self.p.churn[v] * (1.0 + self.shift("churn", f)), 0.0, 1.0) if self.alive[f] else 1.0

    def paying(self, f: int, v: int) -> float:
        if self.s["released"][f] <= -49.0 or v == 1:
            return 1.0
        return self.route("pay_tokens" if v == 0 else "pay_solutions", f)

    def tokens_each(self, f: int) -> float:
        p = self.p
        relative = (self.lever("price.token", f) + 0.01) / p.token_price_reference
        raw = p.token_volume * exp(-p.token_elasticity * log(relative)) * 4.0 * self.cap[f] ** 2
        return raw / (1.0 + raw / p.token_bound)

    def tenders(self) -> None:
        p, s = self.p, self.s
        room = [[n * p.tender_staff for n in firm] for firm in self.staff]
        self.income, self.won, self.tender_cost, self.bids = ([0.0] * len(self.firms) for _ in range(4))
        weights = [float(w) for w in p.tender_segments]
        for lot in range(min(int(p.tender_lots), LOTS)):
            mark = self.z["tender_segment"][lot] * sum(weights)
            segment = 0
            while segment < len(V) - 1 and sum(weights[: segment + 1]) <= mark:
                segment += 1
            size = exp(p.tender_spread * self.z["tender_size"][lot] - 0.5 * p.tender_spread**2)
            size *= p.tender_market[self.q] * (1.0 - p.tender_tail) / p.tender_lots
            asked = p.tender_asked + p.tender_asked_span * self.z["tender_terms"][lot]
            best, winner = -1e9, None
            for f in self.firms:
                if not self.alive[f] or round(self.lever("tender.bids", f)) <= lot:
                    continue
                self.bids[f] += 1.0
                quality, promised = self.acc[f][segment], self.lever("tender.quality", f)
                if max(quality, promised - p.tender_slack) < asked or room[f][segment] < size:
                    continue
                own = [s["due"][f][i][0] for i in (1, 0)]
                home = own[0] / sum(own) if sum(own) > 0 else 0.0
                score = p.tender_trust * (s["trust"][f] + self.trait("state_access", f)) + p.tender_domestic * home
                score += p.tender_incumbent * log(1.0 + s["tender_count"][f]) + p.tender_quality * promised
                score += -p.tender_price * log(max(self.lever("tender.price", f), 0.3)) + p.tender_accuracy * quality
                score += p.tender_noise * self.z["tender_noise"][lot * len(self.firms) + f]
                if score > best:
                    best, winner = score, f
            if winner is not None:
                missing = max(self.lever("tender.quality", winner) - self.acc[winner][segment], 0.0)
                self.income[winner] += size * max(self.lever("tender.price", winner), 0.3)
                self.won[winner] += 1.0
                self.tender_cost[winner] += size * (p.tender_cost + missing)
                room[winner][segment] -= size

    def delivery(self) -> None:
        p, s = self.p, self.s
        n = len(self.firms)
        self.sold, self.served, self.unserved, self.overflow, self.used = ([0.0] * n for _ in range(5))
        self.leads, self.pilots = [list(x) for x in s["leads"]], [list(x) for x in s["pilots"]]
        self.signed = [[0.0] * len(V) for _ in self.firms]
        for f in self.firms:
            tokens = self.customers[f][0] * self.tokens_each(f)
            total = tokens + self.customers[f][1] * p.app_tokens
            need = total / (p.token_capacity * exp(p.wright * log(1.0 + s["volume"][f] / 1e4) + s["lne"][f]))
            need += sum(self.customers[f][v] * p.contract_compute[v] for v in VERTICAL)
            self.used[f] = min(need, self.machines[f] * p.serve_share)
            self.overflow[f] = min(need - self.used[f], self.machines[f] * p.overflow)
            self.unserved[f] = max(1.0 - (self.used[f] + self.overflow[f]) / need, 0.0) if need > 0 else 0.0
            self.sold[f], self.served[f] = tokens * (1.0 - self.unserved[f]), total * (1.0 - self.unserved[f])
            for v in V:
                self.pipeline(f, v)
            for v in (0, 1):
                gone = self.customers[f][v] * p.outage_loss * self.unserved[f]
                self.customers[f][v] -= gone
                self.outside[v] += gone
        self.adopters = [max(x, 0.0) for x in self.adopters]

    def pipeline(self, f: int, v: int) -> None:
        p, s = self.p, self.s
        staff, contracts = float(self.staff[f][v]), self.customers[f][v]
        free = max(staff - contracts * p.service_staff[v], 0.0)
        leads = s["leads"][f][v] * (1.0 - p.pipeline_drop) + self.new_leads[f][v]
        pilots = s["pilots"][f][v] * (1.0 - p.pipeline_drop)
        skill = self.trait("skill_sales", f)
        begun = min(leads * within(p.pilot_rate * skill, 0.0, 0.9), free * p.pilot_people / p.pilot_staff) if v >= 2 else 0.0
        fit = 1.0 - p.interface_loss * (1.0 - self.route("openness", f))
        gate = logistic((self.acc[f][v] - p.accuracy_threshold[v]) / p.gate_spread) * fit
        rate = within(p.contract_rate * skill, 0.0, 0.9)
        signed = min((pilots + begun) * rate * gate, free * (1.0 - p.pilot_people) / p.contract_staff) if v >= 2 else 0.0
        neglected = max(contracts - staff / max(p.service_staff[v], 1e-6), 0.0) * p.lapse_rate if v >= 2 else 0.0
        self.leads[f][v], self.pilots[f][v] = leads - begun, pilots + begun - signed
        self.customers[f][v] = contracts + signed - neglected
        self.signed[f][v] = signed
        self.adopters[v] -= (s["leads"][f][v] + s["pilots"][f][v]) * p.pipeline_drop + neglected

    def ledger(self) -> None:
        p, s = self.p, self.s
        self.cash = list(s["cash"])
        for f in self.firms:
            fee, users = self.lever("price.app", f), self.customers[f][1] * (1.0 - self.unserved[f])
            paying = p.app_subscribers * p.price_hassle[1] / (p.price_hassle[1] + fee)
            people = sum(self.staff[f])
            rate = p.interest + p.interest_credibility * (1.0 - s["credibility"][f])
            rent = sum(self.customers[f][v] * p.rent[v] for v in VERTICAL)
            wages = people * (p.wage * (1.0 + self.shift("wages", f)) + p.overhead) + self.hires(f)
            switching = p.switch_cost * (1.0 + 0.01 * people) if round(self.lever("route", f)) != s["route"][f] else 0.0
            knowledge = sum(self.lever(f"knowledge.{SEGMENTS[v]}", f) for v in VERTICAL)
            interest = self.debt[f] / 100.0 * rate + max(-s["cash"][f] / 100.0, 0.0) * p.overdraft_rate
            self.post("tokens", f, self.sold[f] * self.lever("price.token", f))
            self.post("app", f, users * (3.0 * fee * paying + p.app_advertising))
            self.post("solutions", f, rent * self.lever("price.solution", f) * (1.0 - self.unserved[f]))
            self.post("tenders", f, self.income[f])
            self.post("overflow", f, -self.overflow[f] * s["compute_price"] * p.overflow_price)
            self.post("wages", f, -wages)
            self.post("research", f, -self.lever("research.budget", f))
            self.post("knowledge", f, -knowledge)
            self.post("community", f, -self.lever("community.budget", f))
            self.post("marketing", f, -(self.tender_cost[f] + self.bids[f] * p.tender_bid_cost))
            self.post("fixed", f, -self.trait("fixed_cost", f) * (1.0 + self.shift("fixed_cost", f)))
            self.post("interest", f, -interest)
            self.post("switching", f, -switching)
            closing = s["cash"][f] + sum(self.lines[n][f] for n in LINES)
            if self.alive[f] and s["distress"][f] and closing < 0:
                self.lines["sale"][f] -= closing  # bankrupt: lenders write off what is missing
            self.cash[f] = s["cash"][f] + sum(self.lines[n][f] for n in LINES)
