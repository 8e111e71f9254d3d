"""Who may go where. One line for each method of each endpoint: its access marker, the stage of the
journey whose ids stand in the address, and what these eight are answered, in this order: nobody,
another customer of the same contractor at the same stage (`neighbor`), this customer, the other
contractor's owner (`rival`), this contractor's staff, its owner, support at its own desk, support
in a visit to this customer or to the staff member.

`in` is a redirect to a sign-in page; every other answer is its status. 404 is for what belongs to
somebody else, as for what is missing. 403 is support in a visit, which looks and does not act.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    marker: str
    stage: str
    codes: str

    @property
    def answers(self) -> tuple[str, ...]:
        return tuple(self.codes.split())


_LINES = """
GET accounts.account                     starter           started    in 200 200  in  in  in  in 303
POST accounts.arrive                     starter           coded     303 409 303 303 303 303 303 403
POST accounts.ask_code                   public            complete  303 303 303 303 303 303 303 403
POST accounts.check_code                 starter           coded     303 422 303 303 303 303 303 403
GET accounts.choose                      starter           choosing   in  in 200  in  in  in  in  in
POST accounts.choose_password            starter           started    in 303 303  in  in  in  in 403
GET accounts.code                        starter           coded     303 200 200 303 303 303 303 303
GET accounts.confirm                     customer          estimate   in 200 200  in  in  in  in 200
POST accounts.confirm_link               public            coded     200 200 303 200 200 200 200 403
POST accounts.create                     starter           started    in 303 303  in  in  in  in 403
GET accounts.email                       customer@profile  estimate   in 200 200  in  in  in  in 303
POST accounts.email                      customer@profile  estimate   in 303 303  in  in  in  in 403
POST accounts.enter_password             public            complete  303 303 303 303 303 303 303 403
GET accounts.find_sign_in                public            complete  200 200 200 200 200 200 200 200
POST accounts.keep_profile               customer@profile  profile    in 303 303  in  in  in  in 403
POST accounts.ask_in_person_code         public            invited   303 303 303 303 409 409 303 403
GET accounts.in_person                   public            invited   200 200 200 200 200 200 200 200
GET accounts.link                        public            coded     200 200 200 200 200 200 200 200
POST accounts.mail_link                  starter           started    in 303 303  in  in  in  in 403
GET accounts.password                    customer@profile  estimate   in 200 200  in  in  in  in 303
POST accounts.password                   customer@profile  estimate   in 303 303  in  in  in  in 403
GET accounts.phone                       customer@profile  estimate   in 200 200  in  in  in  in 303
POST accounts.phone                      customer@profile  estimate   in 303 303  in  in  in  in 403
GET accounts.profile                     customer@profile  estimate   in 200 200  in  in  in  in 200
POST accounts.send_again                 starter           coded     303 303 303 303 303 303 303 403
POST accounts.send_confirmation          customer          estimate   in 303 303  in  in  in  in 403
GET accounts.sign_in                     public            complete  200 303 303 200 200 200 200 303
POST accounts.sign_out                   customer          estimate   in  in  in  in  in  in  in 403
POST accounts.start                      public            invited   303 303 303 303 409 409 303 403
POST accounts.take_job                   starter           choosing  404 404 303 404 404 404 404 403
POST accounts.text_code                  starter           started    in 303 303  in  in  in  in 403
GET accounts.waiting                     starter           coded     200 204 204 200 200 200 200 303

GET brand.color                          public            complete  200 200 200 200 200 200 200 200
GET brand.icon                           public            complete  200 200 200 200 200 200 200 200
GET brand.logo                           public            complete  404 404 404 404 404 404 404 404
GET brand.manifest                       public            complete  200 200 200 200 200 200 200 200
GET brand.sheet                          public            complete  200 200 200 200 200 200 200 200

POST card_sandbox.answer                 sandbox           banking   303 303 303 303 303 303 303 303
DELETE card_sandbox.api                  sandbox           complete  401 401 401 401 401 401 401 401
GET card_sandbox.api                     sandbox           complete  401 401 401 401 401 401 401 401
POST card_sandbox.api                    sandbox           complete  200 200 200 200 200 200 200 200
GET card_sandbox.authentication          sandbox           banking   200 200 200 200 200 200 200 200
GET card_sandbox.checkout                sandbox           paying    200 200 200 200 200 200 200 200
GET card_sandbox.connect                 sandbox           complete  200 200 200 200 200 200 200 200
POST card_sandbox.open_account           sandbox           complete  303 303 303 303 303 303 303 303
POST card_sandbox.save                   sandbox           paying    303 303 303 303 303 303 303 303
GET card_sandbox.sheet                   sandbox           complete  200 200 200 200 200 200 200 200

POST contacts.archive                    member            complete   in  in  in 404 303 303  in 403
GET contacts.contacts                    member            complete   in  in  in 200 200 200  in 200
POST contacts.create                     member            complete   in  in  in 303 303 303  in 403
GET contacts.edit                        member            complete   in  in  in 404 200 200  in 200
GET contacts.export                      member            complete   in  in  in 200 200 200  in 200
GET contacts.imports                     member            complete   in  in  in 200 200 200  in 200
GET contacts.importing                   member            complete   in  in  in 404 200 200  in 200
GET contacts.left_out                    member            complete   in  in  in 404 200 200  in 200
POST contacts.discard                    member            complete   in  in  in 404 303 303  in 403
POST contacts.match                      member            complete   in  in  in 404 303 303  in 403
POST contacts.start                      member            complete   in  in  in 404 303 303  in 403
POST contacts.upload                     member            complete   in  in  in 303 303 303  in 403
GET contacts.progress                    poll              complete   in  in  in 404 303 303  in 303
GET contacts.new                         member            complete   in  in  in 200 200 200  in 200
POST contacts.restore                    member            complete   in  in  in 404 303 303  in 403
POST contacts.save                       member            complete   in  in  in 404 303 303  in 403

POST contractors.accept                  public            complete  303 303 303 303 303 303 303 403
POST contractors.ask_link                public            complete  200 200 200 200 200 200 200 403
POST contractors.ask_sign_up             public            complete  200 200 200 200 200 200 200 403
POST contractors.begin_company           public            complete  303 303 303 303 303 303 303 403
POST contractors.change_role             owner             complete   in  in  in 404 403 303  in 403
POST contractors.choose_password         public            complete  303 303 303 303 303 303 303 403
GET contractors.confirm_sign_up          public            complete  200 200 200 200 200 200 200 200
POST contractors.deactivate              owner             complete   in  in  in 404 403 303  in 403
GET contractors.forgotten                public            complete  200 200 200 200 200 200 200 200
POST contractors.invite_member           owner             complete   in  in  in 303 403 303  in 403
GET contractors.join                     public            complete  200 200 200 200 200 200 200 200
POST contractors.keep_message            owner             complete   in  in  in 303 403 303  in 403
POST contractors.keep_settings           owner             complete   in  in  in 303 403 303  in 403
GET contractors.message_mail             owner             complete   in  in  in 200 403 200  in 403
GET contractors.new_password             public            complete  200 200 200 200 200 200 200 200
POST contractors.enter                   public            complete  303 303 303 303 303 303 303 403
GET contractors.own_message              owner             complete   in  in  in 200 403 200  in 403
GET contractors.own_messages             owner             complete   in  in  in 200 403 200  in 403
POST contractors.preview_message         owner             complete   in  in  in 200 403 200  in 403
POST contractors.put_logo                owner             complete   in  in  in 303 403 303  in 403
POST contractors.reactivate              owner             complete   in  in  in 404 403 303  in 403
POST contractors.remove_logo             owner             complete   in  in  in 303 403 303  in 403
POST contractors.resend_member_invite    owner             complete   in  in  in 404 403 303  in 403
POST contractors.reset_message           owner             complete   in  in  in 303 403 303  in 403
POST contractors.revoke_member_invite    owner             complete   in  in  in 404 403 303  in 403
GET contractors.sample                   owner             complete   in  in  in 200 403 200  in 403
GET contractors.sample_mail              owner             complete   in  in  in 200 403 200  in 403
GET contractors.sample_page              owner             complete   in  in  in 200 403 200  in 403
GET contractors.settings                 owner             complete   in  in  in 200 403 200  in 403
GET contractors.sign_in                  public            complete  200 200 200 200 200 200 200 200
POST contractors.sign_out                member            complete   in  in  in  in  in  in  in 403
GET contractors.sign_up                  public            complete  200 200 200 200 200 200 200 200
GET contractors.team                     owner             complete   in  in  in 200 403 200  in 403
POST contractors.try_message             owner             complete   in  in  in 200 403 200  in 403

POST contracts.cancel                    customer          complete   in 404 303  in  in  in  in 403
GET contracts.cancellation               customer          complete   in 404 200  in  in  in  in 200
GET contracts.consent                    customer@consent  opened     in 404 200  in  in  in  in 200
GET contracts.current                    customer@consent  opened     in 303 303  in  in  in  in 303
POST contracts.give_consent              customer@consent  opened     in 404 303  in  in  in  in 403
GET contracts.opening                    customer@consent  approved   in 404 303  in  in  in  in 303
POST contracts.open_pdf                  customer@consent  approved   in 404 303  in  in  in  in 403
GET contracts.paper                      customer          complete   in 404 200  in  in  in  in 200
GET contracts.pdf                        customer          complete   in 404 200  in  in  in  in 200
GET contracts.show                       customer          complete   in 404 200  in  in  in  in 200
GET contracts.scan                       customer          complete   in 404 404  in  in  in  in 404
POST contracts.sign                      customer@sign     consented  in 404 303  in  in  in  in 403
GET contracts.signature                  customer@sign     consented  in 404 200  in  in  in  in 200
GET contracts.signed_pdf                 customer          complete   in 404 200  in  in  in  in 200
POST contracts_crm.choose_signing        member            drafted    in  in  in 404 303 303  in 403
POST contracts_crm.create_template       member            complete   in  in  in 303 303 303  in 403
POST contracts.want_paper                customer          complete   in 404 303  in  in  in  in 403
GET contracts_crm.draft                  member            drafted    in  in  in 404 200 200  in 200
GET contracts_crm.new_template           member            complete   in  in  in 200 200 200  in 200
GET contracts_crm.pdf                    member            complete   in  in  in 404 200 200  in 200
POST contracts_crm.preview               member            drafted    in  in  in 404 200 200  in 403
POST contracts_crm.record_cancellation   member            complete   in  in  in 404 303 303  in 403
POST contracts_crm.record_signature      member            approved   in  in  in 404 303 303  in 403
GET contracts_crm.scan                   member            complete   in  in  in 404 404 404  in 404
POST contracts_crm.save_draft            member            drafted    in  in  in 404 303 303  in 403
POST contracts_crm.save_template         member            complete   in  in  in 404 303 303  in 403
GET contracts_crm.show                   member            complete   in  in  in 404 200 200  in 200
GET contracts_crm.signed_pdf             member            complete   in  in  in 404 200 200  in 200
GET contracts_crm.signing                member            drafted    in  in  in 404 200 200  in 200
GET contracts_crm.template               member            complete   in  in  in 404 200 200  in 200
POST contracts_crm.archive_template      member            complete   in  in  in 404 303 303  in 403
POST contracts_crm.preview_template      member            complete   in  in  in 200 200 200  in 403
POST contracts_crm.restore_template      member            complete   in  in  in 404 303 303  in 403
POST contracts_crm.review_template       owner             complete   in  in  in 404 403 303  in 403
GET contracts_crm.template_version       member            complete   in  in  in 404 200 200  in 200
GET contracts_crm.templates              member            complete   in  in  in 200 200 200  in 200

GET design.contractors                   sandbox           complete  200 200 200 200 200 200 200 200
GET design.customers                     sandbox           complete  200 200 200 200 200 200 200 200

POST estimates.approve                   customer@estimate estimate   in 404 303  in  in  in  in 403
GET estimates.current                    customer@estimate estimate   in 200 200  in  in  in  in 200
POST estimates.give_reason               customer@estimate rejected   in 404 303  in  in  in  in 403
GET estimates.pdf                        customer          complete   in 404 200  in  in  in  in 200
GET estimates.photo                      customer          complete   in 404 200  in  in  in  in 200
GET estimates.picture                    customer          complete   in 404 200  in  in  in  in 200
POST estimates.reject                    customer@estimate estimate   in 404 303  in  in  in  in 403
GET estimates.show                       customer@estimate estimate   in 404 200  in  in  in  in 200
GET estimates.total                      customer@estimate estimate   in 404 200  in  in  in  in 200
POST estimates.update_total              customer@estimate estimate   in 404 303  in  in  in  in 403
POST estimates.withdraw                  customer@estimate approved   in 404 303  in  in  in  in 403
POST estimates_crm.add_photos            member            drafted    in  in  in 404 303 303  in 403
POST estimates_crm.begin                 member            new        in  in  in 404 303 303  in 403
POST estimates_crm.copy                  member            drafted    in  in  in 404 303 303  in 403
POST estimates_crm.create_price_item     member            complete   in  in  in 303 303 303  in 403
GET estimates_crm.edit                   member            drafted    in  in  in 404 200 200  in 200
GET estimates_crm.find_in_book           member            drafted    in  in  in 404 303 303  in 303
GET estimates_crm.job                    member            drafted    in  in  in 404 200 200  in 200
GET estimates_crm.line_photos            member            drafted    in  in  in 404 200 200  in 200
POST estimates_crm.name_job              member            drafted    in  in  in 404 303 303  in 403
GET estimates_crm.new                    member            new        in  in  in 404 200 200  in 200
GET estimates_crm.new_price_item         member            complete   in  in  in 200 200 200  in 200
GET estimates_crm.pdf                    member            complete   in  in  in 404 200 200  in 200
GET estimates_crm.picture                member            drafted    in  in  in 404 200 200  in 200
GET estimates_crm.preview                member            complete   in  in  in 404 200 200  in 200
GET estimates_crm.price_item             member            complete   in  in  in 404 200 200  in 200
GET estimates_crm.price_items            member            complete   in  in  in 200 200 200  in 200
POST estimates_crm.remove_photo          member            drafted    in  in  in 404 303 303  in 403
POST estimates_crm.remove_price_item     member            complete   in  in  in 404 303 303  in 403
POST estimates_crm.revise                member            rejected   in  in  in 404 303 303  in 403
GET estimates_crm.revision               member            rejected   in  in  in 404 200 200  in 200
POST estimates_crm.save                  member            drafted    in  in  in 404 303 303  in 403
POST estimates_crm.save_price_item       member            complete   in  in  in 404 303 303  in 403
GET estimates_crm.show                   member            complete   in  in  in 404 200 200  in 200
GET estimates_crm.source                 member            drafted    in  in  in 404 200 200  in 200

GET front.healthz                        public            complete  200 200 200 200 200 200 200 200
GET front.home                           public            complete  303 303 303 303 303 303 303 303

POST invites.ask                         public            expired   200 200 200 200 200 200 200 403
GET invites.show                         public            invited   200 200 200 200 200 200 200 200
GET invites_crm.compose                  member            drafted    in  in  in 404 200 200  in 200
GET invites_crm.in_person                member            invited   in  in  in 404 200 200  in 200
POST invites_crm.resend                  member            invited    in  in  in 404 303 303  in 403
GET invites_crm.revocation               member            invited    in  in  in 404 200 200  in 200
POST invites_crm.revoke                  member            invited    in  in  in 404 303 303  in 403
POST invites_crm.send                    member            drafted    in  in  in 404 303 303  in 403

GET insights.csv                         member            complete   in  in  in 200 200 200  in 200
GET insights.insights                    member            complete   in  in  in 200 200 200  in 200

POST mail_webhook.bounce                 webhook           complete  403 403 403 403 403 403 403 403
POST mail_webhook.events                 webhook           complete  403 403 403 403 403 403 403 403
POST mail_webhook.postmark               webhook           complete  403 403 403 403 403 403 403 403
POST mail_webhook.ses                    webhook           complete  403 403 403 403 403 403 403 403

GET mailbox.file                         sandbox           complete  200 200 200 200 200 200 200 200
GET mailbox.html                         sandbox           complete  200 200 200 200 200 200 200 200
GET mailbox.letter                       sandbox           complete  200 200 200 200 200 200 200 200
GET mailbox.messages                     sandbox           complete  200 200 200 200 200 200 200 200
GET mailbox.poll                         sandbox           complete  200 200 200 200 200 200 200 200
GET mailbox.sample_html                  sandbox           complete  200 200 200 200 200 200 200 200
GET mailbox.samples                      sandbox           complete  200 200 200 200 200 200 200 200

GET messages.ask                         customer@estimate estimate   in 404 200  in  in  in  in 200
POST messages.ask_for_changes            customer@estimate estimate   in 404 303  in  in  in  in 403
GET messages.changes                     customer@estimate estimate   in 404 200  in  in  in  in 200
GET messages.conversation                customer          complete   in 200 200  in  in  in  in 200
GET messages.poll                        poll              complete  286 200 200 286 286 286 286 286
POST messages.see                        customer          complete   in 303 303  in  in  in  in 403
POST messages.send                       customer          complete   in 303 303  in  in  in  in 403
POST messages.send_question              customer@estimate estimate   in 404 303  in  in  in  in 403
GET messages.talk_poll                   poll              estimate  286 286 200 286 286 286 286 286
POST messages_crm.answer                 member            complete   in  in  in 404 303 303  in 403
GET messages_crm.conversation            member            complete   in  in  in 404 200 200  in 200
GET messages_crm.conversations           member            complete   in  in  in 200 200 200  in 200
GET messages_crm.poll                    poll              complete  286 286 286 286 200 200 286 286
POST messages_crm.mark_done              member            complete   in  in  in 404 303 303  in 403
POST messages_crm.see                    member            complete   in  in  in 404 303 303  in 403

POST notifications_webhook.twilio_inbound webhook          complete  403 403 403 403 403 403 403 403
POST notifications_webhook.twilio_status webhook           complete  403 403 403 403 403 403 403 403

POST payments_crm.check_account          owner             complete   in  in  in 303 403 303  in 403
POST payments_crm.open_account           owner             complete   in  in  in 303 403 303  in 403
GET payments_crm.settings                owner             complete   in  in  in 200 403 200  in 403
POST payments.add_card                   customer@card     signed     in 303 303  in  in  in  in 403
POST payments.add_method                 customer          complete   in 303 303  in  in  in  in 403
GET payments.card                        customer@card     signed     in 200 200  in  in  in  in 200
GET payments.card_return                 customer          returning  in 200 200  in  in  in  in 200
POST payments.end_auto_pay               customer          complete   in 404 303  in  in  in  in 403
POST payments.finish_card                customer          returning  in 404 303  in  in  in  in 403
POST payments.make_default               customer          complete   in 404 303  in  in  in  in 403
GET payments.methods                     customer          complete   in 200 200  in  in  in  in 200
POST payments.remove                     customer          complete   in 404 303  in  in  in  in 403
POST payments.start_auto_pay             customer          complete   in 404 303  in  in  in  in 403

GET pipeline.board                       member            complete   in  in  in 200 200 200  in 200
GET pipeline.home                        member            complete   in  in  in 303 303 303  in 303
GET pipeline.more                        member            complete   in  in  in 200 200 200  in 200
POST pipeline.preview_reminders          member            complete   in  in  in 200 200 200  in 403
POST pipeline.remind                     member            complete   in  in  in 303 303 303  in 403
GET pipeline.poll                        poll              complete   in  in  in 200 200 200  in 200

POST portal.choose_language              public            complete  303 303 303 303 303 303 303 403
GET portal.done                          customer@done     complete   in 200 200  in  in  in  in 200
GET portal.go_on                         customer          complete   in 303 303  in  in  in  in 303
GET portal.home                          customer          complete   in 200 200  in  in  in  in 200
GET portal.offline                       public            complete  200 200 200 200 200 200 200 200
GET portal.revoked                       customer          revoked    in 200 200  in  in  in  in 200

GET record.contact                       member            complete   in  in  in 404 200 200  in 200
POST record.mark_read                    member            complete   in  in  in 303 303 303  in 403
GET record.merge                         member            complete   in  in  in 404 200 200  in 200
POST record.merge_records                member            complete   in  in  in 404 303 303  in 403
GET record.notifications                 member            complete   in  in  in 200 200 200  in 200
GET record.poll                          poll              complete   in  in  in 404 200 200  in 200
POST record.open_address                 member            complete   in  in  in 404 303 303  in 403
POST record.send_again                   member            complete   in  in  in 404 303 303  in 403
POST record.send_now                     member            complete   in  in  in 404 303 303  in 403

POST reminders.end                       webhook           complete  200 200 200 200 200 200 200 200
GET reminders.ending                     public            complete  200 200 200 200 200 200 200 200
GET reminders_crm.reminders              owner             complete   in  in  in 200 403 200  in 403
POST reminders_crm.save                  owner             complete   in  in  in 303 403 303  in 403

POST stripe_webhook.stripe               webhook           returning 200 200 200 200 200 200 200 200

GET support.ask                          agent             complete   in  in  in  in  in  in 200  in
POST support.begin                       agent             complete   in  in  in  in  in  in 303  in
GET support.desk                         agent             complete   in  in  in  in  in  in 200  in
POST support.end_own_visit               agent             complete   in  in  in  in  in  in 303  in
POST support.end_visit                   visitor           complete  303 303 303 303 303 303 303 303
POST support.enter                       public            complete  303 303 303 303 303 303 303 303
GET support.link                         agent             complete   in  in  in  in  in  in 200  in
POST support.request_visit               agent             complete   in  in  in  in  in  in 303  in
GET support.sign_in                      public            complete  200 200 200 200 200 200 200 200
POST support.sign_out                    agent             complete   in  in  in  in  in  in  in  in
GET support.visit                        agent             complete   in  in  in  in  in  in 200  in
POST verify.check                        public            complete  200 200 200 200 200 200 200 403
GET verify.document                      public            complete  200 200 200 200 200 200 200 200
GET support_crm.visits                   owner             complete   in  in  in 200 403 200  in 403
"""


def _read(line: str) -> tuple[str, Row]:
    method, endpoint, marker, stage, *codes = line.split()
    return f"{method} {endpoint}", Row(marker.replace("@", " at "), stage, " ".join(codes))


ROWS: dict[str, Row] = dict(_read(line) for line in _LINES.splitlines() if line)
